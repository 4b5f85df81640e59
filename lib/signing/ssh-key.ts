import { createHash } from "node:crypto";
import type { SigningKey } from "./key.js";

/** Lengths of the parts behind the type, in bytes, of the types that have fixed ones. */
const fixedLengths: Readonly<Record<string, readonly number[]>> = {
  "ssh-ed25519": [32],
  "ecdsa-sha2-nistp256": [8, 65],
  "ecdsa-sha2-nistp384": [8, 97],
  "ecdsa-sha2-nistp521": [8, 133],
};

/** The shortest RSA modulus with which Flux and OpenSSH verify, in bits. */
const leastBits = 2048;

/**
 * Reads a public key of SSH: its type, its Base64 text and a comment, as in a file `.pub`. The key repeats its type, and
 * each part has its length in front, so a cut or mixed-up key shows.
 * @returns the key, or the fault, to be read after the field
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6
 */
export function readSshKey(text: string): SigningKey | string {
  const [, type = "", encoded = ""] = /^([a-z0-9-]+) ([A-Za-z0-9+/]+={0,2})(?: [^\n\r]*)?$/.exec(text.trim()) ?? [];
  if (type !== "ssh-rsa" && fixedLengths[type] === undefined) {
    return "is no public key of SSH of a type that Flux verifies: ssh-ed25519, ecdsa-sha2-nistp256, -384 and -521, ssh-rsa";
  }
  const blob = Buffer.from(encoded, "base64");
  const [name, ...parts] = partsOf(blob) ?? [];
  if (name?.toString() !== type) return "is cut off, or no key of the type that it names";
  if (!hasForm(type, parts)) return "is cut off, or no key of the type that it names";
  if (type === "ssh-rsa" && bitsOf(parts[1] ?? Buffer.alloc(0)) < leastBits) {
    return `is an RSA key of less than ${leastBits} bits`;
  }
  const digest = createHash("sha256").update(blob).digest("base64").replaceAll("=", "");
  return { format: "ssh", fingerprints: [`SHA256:${digest}`] };
}

/** The parts of a key. Undefined where a length leads beyond its end. */
function partsOf(blob: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    const end = at + 4 <= blob.length ? at + 4 + blob.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > blob.length) return undefined;
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

function hasForm(type: string, parts: readonly Buffer[]): boolean {
  const lengths = fixedLengths[type];
  if (lengths === undefined) return parts.length === 2 && parts.every((part) => part.length > 0);
  return parts.length === lengths.length && parts.every((part, index) => part.length === lengths[index]);
}

/** Number of bits of an integer, whose first byte may be a sign. */
function bitsOf(integer: Buffer): number {
  return BigInt(`0x0${integer.toString("hex")}`).toString(2).length;
}
