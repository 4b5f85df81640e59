import { readFile } from "node:fs/promises";
import { FleetError, fleetError, messageOf, type Problem } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { VERSION_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { DEFAULT_CONTROLLERS } from "../release/controllers.js";
import { httpsRequest, type Transport } from "../release/https.js";
import { maxManifestBytes, parseManifest, repeatedObjects } from "../release/manifest.js";
import { type Manifest, objectsOf } from "../release/typed-kind.js";

/** The manifest to read. */
export interface ReleaseArgs {
  /** Flux version: `v2.9.2`. */
  readonly version: string;
  /** The https URL of the manifest. */
  readonly source: string;
  /** A file with the manifest, in place of the source. @default - the source is fetched */
  readonly manifest?: string | undefined;
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
export async function readRelease({ version, source, manifest, transport }: ReleaseArgs): Promise<KubernetesObject[]> {
  const file = manifest ?? source;
  const text = manifest === undefined ? await fetched(source, transport) : await read(manifest);
  const objects = parseManifest(text, file);
  const problems = mismatches(objects, version);
  if (problems.length === 0) return objects;
  const fix = "Use the file install.yaml of the release, as it was released";
  throw new FleetError(problems.map((problem) => ({ file, ...problem, fix })));
}

/** The reasons why a manifest is not Flux, or not this version. The digest of a wrong file would prove nothing. */
function mismatches(objects: Manifest, version: string): Pick<Problem, "path" | "message">[] {
  const deployments = objectsOf(objects, "Deployment");
  const missing = DEFAULT_CONTROLLERS.filter((name) => !deployments.some(({ metadata }) => metadata.name === name));
  return [
    ...(missing.length > 0 ? [{ path: "", message: `is not Flux: it has no Deployment ${missing.join(", ")}` }] : []),
    ...repeatedObjects(objects).map((path) => ({ path, message: "is there more than once" })),
    ...deployments.flatMap((deployment) => {
      // Only the output of `flux install --export` has this label, and not the release's file.
      const { [VERSION_LABEL]: labelled = version } = deployment.metadata.labels ?? {};
      if (labelled === version) return [];
      return [{ path: objectName(deployment), message: `is labelled as Flux ${labelled} and not ${version}` }];
    }),
  ];
}

async function fetched(source: string, transport: Transport): Promise<string> {
  const advice = "Check the network, or fetch the file elsewhere and give it with --manifest FILE";
  const { status, statusLine, body } = await httpsRequest(source, { transport, advice, maxBytes: maxManifestBytes });
  if (status === 200) return body;
  const [message, fix] =
    status === 404
      ? ["does not exist (404)", "Check the version: https://github.com/fluxcd/flux2/releases lists all versions"]
      : [`cannot be fetched: the server answered ${statusLine}`, advice];
  throw fleetError(source, "", message, fix);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw fleetError(file, "", `cannot be read: ${messageOf(error)}`, "Check what --manifest names");
  }
}
