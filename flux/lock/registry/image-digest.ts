import { FleetError } from "../../../lib/diagnostics/problem.js";
import { type HttpsAnswer, httpsRequest, type Transport } from "../../release/https.js";
import { anonymousToken } from "./registry-token.js";

/** A tag of an image. */
export interface TaggedImage {
  /** Image with its registry, without a tag: `registry.example.com/flux/source-controller`. */
  readonly image: string;
  /** The tag: `v1.9.3`. */
  readonly version: string;
}

/**
 * Media types of an image index, with an image for each platform. The digest of one platform's image would leave nodes
 * of other platforms without the controller.
 */
const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
/** The largest body of an answer, in bytes. HEAD has none, and the body of an error is not read. */
const maxBytes = 1024 * 1024;

/**
 * The digest that a registry has for a tag now, `sha256:…`, requested without an account.
 * @throws FleetError when the registry does not answer, has no such tag, or sends no digest
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#checking-if-content-exists-in-the-registry
 */
export async function imageDigest(tagged: TaggedImage, transport: Transport): Promise<string> {
  const { address, repository } = place(tagged);
  const ask = (headers: Record<string, string>) =>
    httpsRequest(address, {
      transport,
      method: "HEAD",
      headers: { accept: indexTypes.join(", "), ...headers },
      advice: "Check the network and try again",
      maxBytes,
    });

  const first = await ask({});
  if (first.status !== 401) return digestOf(first, address);
  const challenge = first.headers.get("www-authenticate");
  const token = await anonymousToken({ address, repository, challenge, transport });
  return digestOf(await ask({ authorization: `Bearer ${token}` }), address);
}

/** The manifest URL of a tag. */
function place({ image, version }: TaggedImage): { readonly address: string; readonly repository: string } {
  const [, registry, repository] = /^([^/]+\.[^/]+)\/(.+)$/.exec(image) ?? [];
  if (registry === undefined || repository === undefined) {
    throw problem(`${image}:${version}`, "names no registry", "Lock the manifest as it was released");
  }
  return { address: `https://${registry}/v2/${repository}/manifests/${version}`, repository };
}

function digestOf({ status, statusLine, headers }: HttpsAnswer, address: string): string {
  if (status === 404) {
    const fix = "Check the image and the tag: the manifest names them";
    throw problem(address, "the registry has no image for several platforms under this tag (404)", fix);
  }
  if (status === 401 || status === 403) {
    const fix = "Check that everybody may pull the image: fleet lock uses no account";
    throw problem(address, `the registry refuses: ${statusLine}`, fix);
  }
  if (status !== 200) throw problem(address, `the registry answered ${statusLine}`, "Try again later");

  const unusual = "Nothing was written; do not lock what this registry says until you know why it says it";
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (!indexTypes.includes(type.trim().toLowerCase())) {
    throw problem(
      address,
      `is ${type || "of an unknown type"} and not an index of images for several platforms`,
      unusual,
    );
  }
  const digest = headers.get("docker-content-digest");
  if (digest === null) throw problem(address, "the registry does not say a digest (Docker-Content-Digest)", unusual);
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw problem(address, `${JSON.stringify(digest)} is no digest (sha256: and 64 hexadecimal digits)`, unusual);
  }
  return digest;
}

function problem(file: string, message: string, fix: string): FleetError {
  return new FleetError([{ file, path: "", message, fix }]);
}
