import { createHash, createPublicKey } from "node:crypto";

const opensshHeader = "openssh-key-v1\0";

/** Type and content of a public key, without the comment, which GitHub drops: `ssh-ed25519 AAAA…`. */
export function keyMaterial(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(" ");
}

/** The fingerprint of a public key as on GitHub's settings page and from `ssh-keygen -l`: `SHA256:…`. */
export function fingerprintOf(line: string): string {
  const [, content = ""] = line.trim().split(/\s+/);
  const digest = createHash("sha256").update(Buffer.from(content, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

/**
 * The public half of a private key: of OpenSSH's format, which has it in clear before the private one, or of Ed25519 in
 * PKCS#8. Of another type in PEM, a name that no public key has.
 * @returns undefined for any other text, such as an encrypted key in PEM
 * @see https://github.com/openssh/openssh-portable/blob/V_9_9_P1/PROTOCOL.key
 */
export function publicHalf(privateKey: string): string | undefined {
  const [, encoded = ""] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/.exec(privateKey) ?? [];
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.subarray(0, opensshHeader.length).toString("latin1") !== opensshHeader) return fromPem(privateKey);
  // Cipher, name and options of the derivation, number of keys, public key.
  const cipher = readText(bytes, opensshHeader.length);
  const derivation = cipher && readText(bytes, cipher.end);
  const options = derivation && readText(bytes, derivation.end);
  const key = options && readText(bytes, options.end + 4);
  const type = key && readText(key.content, 0);
  return key && type && `${type.content.toString("latin1")} ${key.content.toString("base64")}`;
}

function fromPem(privateKey: string): string | undefined {
  try {
    const key = createPublicKey(privateKey);
    const { crv, x = "" } = key.export({ format: "jwk" });
    if (crv !== "Ed25519") return `${key.asymmetricKeyType}`;
    const parts = ["ssh-ed25519", Buffer.from(x, "base64url")].map((part) => Buffer.from(part));
    const content = parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]);
    return `ssh-ed25519 ${Buffer.concat(content).toString("base64")}`;
  } catch {
    // The reason could repeat a part of the key.
    return undefined;
  }
}

/** A text behind its length of four bytes. */
function readText(bytes: Buffer, at: number): { readonly content: Buffer; readonly end: number } | undefined {
  if (at + 4 > bytes.length) return undefined;
  const end = at + 4 + bytes.readUInt32BE(at);
  return end > bytes.length ? undefined : { content: bytes.subarray(at + 4, end), end };
}
