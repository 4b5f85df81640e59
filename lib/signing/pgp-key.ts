import { createHash } from "node:crypto";
import type { SigningKey } from "./key.js";

/** Numbers of the kinds of packets. @see https://www.rfc-editor.org/rfc/rfc9580#section-5 */
const packetTags = { signature: 2, secretKey: 5, publicKey: 6, secretSubkey: 7, userId: 13 };

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/**
 * Reads an armored block of OpenPGP with one or more public keys. The keys must be whole, each with a name and its own
 * signature: source-controller would refuse a block without them at the next commit, and so all commits.
 * @returns the keys, or the fault, to be read after the field
 */
export function readPgpKey(text: string): SigningKey | string {
  if (/-----BEGIN PGP (PRIVATE|SECRET) KEY/.test(text)) return "is a private key. Revoke it, and write the public one";
  const block = unarmored(text);
  if (block === undefined) return "is not one armored block of public keys, from BEGIN to END, with its empty line";
  const data = Buffer.from(block.encoded, "base64");
  if (block.checksum !== undefined && !Buffer.from(block.checksum, "base64").equals(crc24(data))) {
    return "is cut off or changed: its checksum is that of another text";
  }
  const packets = packetsOf(data);
  if (packets === undefined) return "is cut off, or no key of OpenPGP";
  if (packets.some(({ tag }) => tag === packetTags.secretKey || tag === packetTags.secretSubkey)) {
    return "is a private key. Revoke it, and write the public one";
  }
  return keysOf(packets);
}

/** The Base64 text of an armored block and its checksum, if it has one. Undefined for any other text. */
function unarmored(text: string): { readonly encoded: string; readonly checksum: string | undefined } | undefined {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.trim());
  const [first, ...rest] = lines;
  const last = rest.pop();
  const empty = rest.indexOf("");
  if (first !== "-----BEGIN PGP PUBLIC KEY BLOCK-----" || last !== "-----END PGP PUBLIC KEY BLOCK-----")
    return undefined;
  if (empty < 0 || !rest.slice(0, empty).every((line) => /^[A-Za-z]+: /.test(line))) return undefined;
  const content = rest.slice(empty + 1).filter((line) => line !== "");
  const checksum = content.at(-1)?.startsWith("=") ? content.pop()?.slice(1) : undefined;
  const isBase64 = content.every((line) => /^[A-Za-z0-9+/]+={0,2}$/.test(line));
  return isBase64 ? { encoded: content.join(""), checksum } : undefined;
}

function keysOf(packets: readonly Packet[]): SigningKey | string {
  const starts = packets.flatMap(({ tag }, index) => (tag === packetTags.publicKey ? [index] : []));
  if (starts[0] !== 0) return "begins with no public key";
  const fingerprints: string[] = [];
  for (const [index, start] of starts.entries()) {
    const [key, ...rest] = packets.slice(start, starts[index + 1]);
    if (key?.body[0] !== 4) return `has a key of version ${key?.body[0]}, and Flux verifies those of version 4`;
    const hasAll = [packetTags.userId, packetTags.signature].every((tag) => rest.some((packet) => packet.tag === tag));
    if (!hasAll) return "has a key without a user id and its signature";
    fingerprints.push(fingerprintOf(key.body));
  }
  return { format: "pgp", fingerprints };
}

/** @see https://www.rfc-editor.org/rfc/rfc9580#section-5.5.4.2 */
function fingerprintOf(body: Buffer): string {
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash("sha1").update(head).update(body).digest("hex").toUpperCase();
}

/** The packets of a block. Undefined where a length is unknown or leads beyond its end. */
function packetsOf(data: Buffer): Packet[] | undefined {
  const packets: Packet[] = [];
  for (let at = 0; at < data.length; ) {
    const head = headOf(data, at);
    if (head === undefined || head.end > data.length) return undefined;
    packets.push({ tag: head.tag, body: data.subarray(head.start, head.end) });
    at = head.end;
  }
  return packets;
}

interface Head {
  readonly tag: number;
  /** Places of the first byte of the body, and of the one behind it. */
  readonly start: number;
  readonly end: number;
}

/** The head of a packet, of the current or the legacy form. Undefined for one of unknown length. */
function headOf(data: Buffer, at: number): Head | undefined {
  const first = data[at] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  const head = (tag: number, bytes: number, length: number) => {
    const start = at + 1 + bytes;
    return { tag, start, end: start + length };
  };
  const number = (from: number, bytes: number) =>
    from + bytes <= data.length ? data.readUIntBE(from, bytes) : Infinity;
  if ((first & 0x40) === 0) {
    const [tag, bytes] = [(first >> 2) & 0x0f, [1, 2, 4][first & 0x03]];
    return bytes === undefined ? undefined : head(tag, bytes, number(at + 1, bytes));
  }
  const tag = first & 0x3f;
  const length = data[at + 1] ?? 255;
  if (length < 192) return head(tag, 1, length);
  if (length < 224) return head(tag, 2, ((length - 192) << 8) + number(at + 2, 1) + 192);
  return length === 255 ? head(tag, 5, number(at + 2, 4)) : undefined;
}

/** @see https://www.rfc-editor.org/rfc/rfc9580#section-6.1.1 */
function crc24(data: Buffer): Buffer {
  let sum = 0xb704ce;
  for (const byte of data) {
    sum ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ ((sum & 0x800000) === 0 ? 0 : 0x1864cfb);
  }
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(sum & 0xffffff, 0, 3);
  return bytes;
}
