import { createHash } from "node:crypto";
import { isPlainObject } from "../../../lib/data/merge.js";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { httpsRequest, type Transport } from "../../release/https.js";
import { askRegistry, maxBytes } from "./registry-token.js";

/** A chart, or another artifact, in an OCI registry. */
export interface ChartManifest {
  /** The digest of the manifest's bytes. */
  readonly digest: string;
  /** The version that the artifact names for itself. @default - none */
  readonly version: string | undefined;
}

/** Media types of manifests. Flux fetches each of them. */
const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Docker Hub has another name for its registry. */
const hub = "registry-1.docker.io";

/**
 * The manifest of a tag or a digest in an OCI registry, requested without an account. The digest is computed from the
 * bytes, so that no header of a registry or a proxy decides on it.
 * @param location host and path of the artifact
 * @returns undefined for a tag or a digest that the registry does not have
 * @throws FleetError when the registry does not answer, refuses, or names another digest than its bytes have
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 */
export async function chartManifest(
  location: string,
  reference: string,
  transport: Transport,
): Promise<ChartManifest | undefined> {
  const slash = location.indexOf("/");
  const [host, repository] = [location.slice(0, slash), location.slice(slash + 1)];
  const address = `https://${host === "docker.io" ? hub : host}/v2/${repository}/manifests/${reference}`;
  const accept = manifestTypes.join(", ");
  const advice = "Check the network and the URL, and try again";
  const answer = await askRegistry({ address, repository, transport }, (headers) =>
    httpsRequest(address, { transport, headers: { accept, ...headers }, advice, maxBytes }),
  );
  const { status, statusLine, headers, body } = answer;
  if (status === 404) return undefined;
  if (status === 401 || status === 403) {
    const fix = "fleet lock uses no account. helm pull prints the digest where you are logged in. Write it by hand";
    throw fleetError(address, "", `the registry refuses: ${statusLine}`, fix);
  }
  if (status !== 200) throw fleetError(address, "", `the registry answered ${statusLine}`, "Try again later");
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const named = headers.get("docker-content-digest") ?? digest;
  if (named === digest && (!reference.startsWith("sha256:") || reference === digest)) {
    return { digest, version: versionIn(body) };
  }
  const fix = "Nothing was written. Find out who answers in the registry's place";
  throw fleetError(address, "", "the bytes of the answer have another digest than the registry names", fix);
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys */
function versionIn(body: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(body);
    const { annotations } = isPlainObject(manifest) ? manifest : {};
    const version = isPlainObject(annotations) ? annotations["org.opencontainers.image.version"] : undefined;
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
