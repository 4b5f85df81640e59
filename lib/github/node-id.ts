/** Kinds by the prefix of their ids in the newer form. */
const kinds: Readonly<Record<string, string>> = { R: "Repository", T: "Team" };

/**
 * Whether two of GitHub's global ids name one object. GitHub has two forms of them, and has begun to write the newer one
 * for objects that had the older one: `MDEwOlJlcG9zaXRvcnkxMjk2MjY5` and `R_kgDOABPHjQ` are one repository. A state
 * keeps the form of its day. Both hold the kind and the number of the object. Ids that hold no number are compared as
 * texts.
 * @see https://docs.github.com/en/graphql/guides/migrating-graphql-global-node-ids
 */
export function isSameNode(one: string | undefined, other: string | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && nodeKey(one) === nodeKey(other));
}

/** An id of GitHub in one form, whichever of both it has. */
export function nodeKey(id: string): string {
  return newerForm(id) ?? olderForm(id) ?? id;
}

/** `010:Repository1296269` in base64: the length of the kind's name, the kind and the number. */
function olderForm(id: string): string | undefined {
  const text = Buffer.from(id, "base64").toString("latin1");
  const [, kind, number] = /^0\d*:([A-Za-z]+)(\d+)$/.exec(text) ?? [];
  return kind === undefined ? undefined : `${kind} ${number}`;
}

/** A prefix, and a list of numbers in MessagePack and base64url. The last number is that of the object. */
function newerForm(id: string): string | undefined {
  const [, prefix = "", payload = ""] = /^([A-Z]+)_([A-Za-z0-9_-]+)$/.exec(id) ?? [];
  const { [prefix]: kind } = kinds;
  const number = numbersIn(Buffer.from(payload, "base64url"))?.at(-1);
  return kind === undefined || number === undefined ? undefined : `${kind} ${number}`;
}

/** Bytes of the unsigned integers of MessagePack by the byte before them. */
const widths: Readonly<Record<number, number>> = { 204: 1, 205: 2, 206: 4 };

/**
 * The numbers of a short list in MessagePack. Undefined for any other content.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
function numbersIn(bytes: Buffer): number[] | undefined {
  const [head = 0] = bytes;
  const numbers: number[] = [];
  let at = 1;
  while (at < bytes.length) {
    const first = bytes.readUInt8(at);
    const width = widths[first] ?? 0;
    if ((first > 0x7f && width === 0) || at + width >= bytes.length) return undefined;
    numbers.push(width === 0 ? first : bytes.readUIntBE(at + 1, width));
    at += 1 + width;
  }
  // 0x90 to 0x9f is a list, with its length in the lower half.
  return head === 0x90 + numbers.length ? numbers : undefined;
}
