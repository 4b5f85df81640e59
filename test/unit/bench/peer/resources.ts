import type { RecordedResource } from "../../../bench/state.js";

/** Private key of {@link keyPair}; it opens nothing. */
export const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nbWFkZSB1cA\n-----END OPENSSH PRIVATE KEY-----\n";

/** Public key of {@link keyPair}. */
export const publicKey = "ssh-ed25519 AAAA\n";

/** A resource of a state. */
export function resource(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>> = {},
  more: Partial<RecordedResource> = {},
): RecordedResource {
  return { urn: `urn:pulumi:staging::fleet::${type}::${name}`, type, custom: true, inputs, ...more };
}

/** A generated key pair. */
export function keyPair(name = "key"): RecordedResource {
  const outputs = { privateKeyOpenssh: privateKey, publicKeyOpenssh: publicKey };
  return resource("tls:index/privateKey:PrivateKey", name, { algorithm: "ED25519" }, { outputs });
}

/** The provider for GitHub, with its settings as the state has them. */
export const githubProvider = resource("pulumi:providers:github", "github", {
  owner: "acme",
  parallelRequests: "true",
  version: "6.15.0",
  writeDelayMs: "0",
});
