import { fleetError } from "../../../lib/diagnostics/problem.js";
import { type HttpsAnswer, httpsRequest, type Transport } from "../../release/https.js";
import type { TaggedImage } from "../../release/lock-entry.js";
import { askRegistry, maxBytes } from "./registry-token.js";

/**
 * Media types of an image index, with an image for each platform. The digest of one platform's image would leave nodes
 * of other platforms without the controller.
 */
const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/**
 * The digest that a registry has for a tag now, `sha256:…`, requested without an account.
 * @throws FleetError when the registry does not answer, has no such tag, or sends no digest
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#checking-if-content-exists-in-the-registry
 */
export async function imageDigest({ image, version }: TaggedImage, transport: Transport): Promise<string> {
  const [, registry, repository] = /^([^/]+\.[^/]+)\/(.+)$/.exec(image) ?? [];
  if (registry === undefined || repository === undefined) {
    throw fleetError(`${image}:${version}`, "", "names no registry", "Lock the manifest as it was released");
  }
  const address = `https://${registry}/v2/${repository}/manifests/${version}`;
  const ask = (headers: Readonly<Record<string, string>>) =>
    httpsRequest(address, {
      transport,
      method: "HEAD",
      headers: { accept: indexTypes.join(", "), ...headers },
      advice: "Check the network and try again",
      maxBytes,
    });
  return digestOf(await askRegistry({ address, repository, transport }, ask), address);
}

function digestOf({ status, statusLine, headers }: HttpsAnswer, address: string): string {
  if (status === 404) {
    const fix = "Check the image and the tag: the manifest names them";
    throw fleetError(address, "", "the registry has no image for several platforms under this tag (404)", fix);
  }
  if (status === 401 || status === 403) {
    const fix = "Check that everybody may pull the image: fleet lock uses no account";
    throw fleetError(address, "", `the registry refuses: ${statusLine}`, fix);
  }
  if (status !== 200) throw fleetError(address, "", `the registry answered ${statusLine}`, "Try again later");

  const caution = "Nothing was written. Find out the reason for this answer before you lock the version";
  const unusual = (message: string) => fleetError(address, "", message, caution);
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (!indexTypes.includes(type.trim().toLowerCase())) {
    throw unusual(`is ${type || "of an unknown type"} and not an index of images for several platforms`);
  }
  const digest = headers.get("docker-content-digest");
  if (digest === null) throw unusual("the registry sent no digest (Docker-Content-Digest)");
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw unusual(`${JSON.stringify(digest)} is no digest (sha256: and 64 hexadecimal digits)`);
}
