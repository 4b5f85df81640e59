import { readFile } from "node:fs/promises";
import { messageOf } from "../../lib/diagnostics/message-of.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { httpsRequest, type Transport } from "../release/https.js";
import { maxManifestBytes, parseManifest } from "../release/manifest.js";
import { checkFlux } from "./check-flux.js";

/** The manifest to read. */
export interface ReleaseArgs {
  readonly version: string;
  /** The https URL of the manifest. */
  readonly source: string;
  /** A file with the manifest, in place of the source. @default - the source is fetched */
  readonly file?: string | undefined;
  readonly transport: Transport;
}

/** The URL of a version's manifest. */
export function releaseUrl(version: string): string {
  return `https://github.com/fluxcd/flux2/releases/download/${version}/install.yaml`;
}

/**
 * The objects of a release, verified only to be Flux of that version.
 * @throws FleetError when the manifest cannot be fetched or read, or is not Flux
 */
export async function readRelease({ version, source, file, transport }: ReleaseArgs): Promise<KubernetesObject[]> {
  const place = file ?? source;
  const objects = parseManifest(file === undefined ? await fetched(source, transport) : await read(file), place);
  checkFlux(objects, { version, place });
  return objects;
}

async function fetched(source: string, transport: Transport): Promise<string> {
  const advice = "Check the network, or fetch the file elsewhere and give it with --manifest FILE";
  const { status, statusLine, body } = await httpsRequest(source, { transport, advice, maxBytes: maxManifestBytes });
  if (status === 200) return body;
  const [message, fix] =
    status === 404
      ? ["does not exist (404)", "Check the version: https://github.com/fluxcd/flux2/releases lists what there is"]
      : [`cannot be fetched: the server answered ${statusLine}`, advice];
  throw new FleetError([{ file: source, path: "", message, fix }]);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const message = `cannot be read: ${messageOf(error)}`;
    throw new FleetError([{ file, path: "", message, fix: "Check what --manifest names" }]);
  }
}
