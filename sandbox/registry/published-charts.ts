import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ChartMetadata, chartMetadata } from "../toolchain/chart-archive.js";
import { chartRecipes } from "../toolchain/chart-recipes.js";

/** A chart as its registry has it. */
export interface PublishedChart {
  /** Host and path under which upstream publishes it, in a repository of charts or of OCI artifacts. */
  readonly protocol: "oci" | "https";
  readonly host: string;
  readonly path: string;
  readonly metadata: ChartMetadata;
  readonly archive: Buffer;
}

/**
 * The charts of a toolchain, by the names that upstream publishes them under. A chart that the toolchain lacks is not served.
 * @param directory of the toolchain
 */
export async function publishedCharts(directory: string): Promise<readonly PublishedChart[]> {
  const read = chartRecipes.map(async ({ published, output }) => {
    const archive = await readIfThere(join(directory, output));
    return archive === undefined ? [] : [publishedChart(published, archive)];
  });
  return (await Promise.all(read)).flat();
}

/** A chart that is published under a URL. */
export function publishedChart(url: string, archive: Buffer): PublishedChart {
  const { protocol, host, pathname } = new URL(url);
  const path = pathname.replace(/^\/+|\/+$/g, "");
  return { protocol: protocol === "oci:" ? "oci" : "https", host, path, metadata: chartMetadata(archive), archive };
}

/** The digest of an artifact, as registries write it. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
