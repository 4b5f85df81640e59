import type { BareRepository } from "./bare-repository.js";

/** An object as Git stores it. */
export interface StoredObject {
  readonly sha: string;
  readonly type: "blob" | "tree" | "commit" | "tag";
  readonly content: Buffer;
}

/**
 * The answer of newer versions of Git for a submodule whose commit is in another repository. Older ones call it missing.
 * @see https://git-scm.com/docs/git-cat-file#_batch_output
 */
const submodule = /^[0-9a-f]{40}(?:[0-9a-f]{24})? submodule\n/;
/** Bytes of that line with the longest id. */
const longestSubmodule = 64 + " submodule\n".length;

/**
 * Reads several objects with one process of Git.
 * @param names revisions, such as `main^{commit}` and `main^{commit}:README.md`. Ranges and options are no names
 * @returns in the order of the names. Undefined where the repository has no such object
 */
export async function readObjects(
  repository: BareRepository,
  names: readonly string[],
): Promise<readonly (StoredObject | undefined)[]> {
  // Ended by NUL, because a path may hold a line feed.
  const { stdout } = await repository.git(["cat-file", "--batch", "-z"], { input: names.map(nulEnded).join("") });
  let rest = stdout;
  return names.map((name) => {
    const missing = [`${name} missing\n`, `${name} ambiguous\n`].find((line) => startsWith(rest, line));
    const absent = missing ?? submodule.exec(rest.subarray(0, longestSubmodule).toString("latin1"))?.[0];
    if (absent !== undefined) {
      rest = rest.subarray(Buffer.byteLength(absent));
      return undefined;
    }
    const { object, length } = firstObject(rest);
    rest = rest.subarray(length);
    return object;
  });
}

function nulEnded(name: string): string {
  if (name.includes("\0")) throw new Error("A name of an object cannot hold NUL.");
  return `${name}\0`;
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.subarray(0, Buffer.byteLength(text)).equals(Buffer.from(text));
}

/** The object at the start of Git's answer, and the bytes that it takes there. */
function firstObject(answer: Buffer): { object: StoredObject; length: number } {
  const lineEnd = answer.indexOf("\n");
  const [sha = "", type, size] = answer.subarray(0, lineEnd).toString().split(" ");
  if (type !== "blob" && type !== "tree" && type !== "commit" && type !== "tag") {
    throw new Error(`Git answered with an unknown object: ${answer.subarray(0, lineEnd)}`);
  }
  const end = lineEnd + 1 + Number(size);
  return { object: { sha, type, content: answer.subarray(lineEnd + 1, end) }, length: end + 1 };
}
