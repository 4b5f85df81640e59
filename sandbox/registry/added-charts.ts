import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { statePaths } from "../state/state-directory.js";
import { type ChartFiles, chartMetadata, packChart } from "../toolchain/chart-archive.js";
import { type PublishedChart, publishedChart } from "./published-charts.js";

/** A version of a chart, and the sandbox whose clusters get it. */
export interface AddedChart {
  /** State directory of the sandbox. */
  readonly stateDirectory: string;
  /** `oci://HOST/PATH`, at a host that one of the toolchain's own OCI charts has: the certificate names no other. */
  readonly url: string;
  /** Name of the folder in the archive. */
  readonly name: string;
  /** Its files: Chart.yaml has the version. */
  readonly files: ChartFiles;
}

/** Adds a version of a chart to the registries of a sandbox, whose clusters may run already. */
export async function addChart({ stateDirectory, url, name, files }: AddedChart): Promise<void> {
  const archive = packChart(name, files);
  const { host, path } = publishedChart(url, archive);
  const folder = join(statePaths(stateDirectory).charts, host, path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${chartMetadata(archive).version}.tgz`);
  // A request in between finds the whole archive or none.
  await writeFile(`${file}.part`, archive);
  await rename(`${file}.part`, file);
}

/** The charts of a folder that {@link addChart} has filled; none without the folder. */
export async function addedCharts(folder: string): Promise<readonly PublishedChart[]> {
  const archives = (await entriesOf(folder)).filter((entry) => entry.isFile() && entry.name.endsWith(".tgz"));
  return Promise.all(
    archives.map(async ({ parentPath, name }) => {
      const url = `oci://${relative(folder, parentPath).split(sep).join("/")}`;
      return publishedChart(url, await readFile(join(parentPath, name)));
    }),
  );
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
