import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { isMissing, readIfPresent } from "./cache.js";
import type { Part } from "./part.js";

/** Beside every result: how it was when it was finished, so that a damaged one is noticed and built again. */
export const recordFile = "part.json";

const schema = z.object({
  key: z.string(),
  bytes: z.number(),
  /** sha256, hexadecimal. @default - of an older version, which did not record it */
  digest: z.string().optional(),
  /** Time of the last change, in whole seconds: archives keep no fractions. @default - as above */
  modified: z.number().optional(),
  /** How long the build took, and how many packages Go compiled in it. @default - as above */
  seconds: z.number().optional(),
  packages: z.number().optional(),
});

/** The record of a finished part. */
export type PartRecord = z.infer<typeof schema>;

/** The record of a part; `undefined` when there is none, or none that can be read: the part is then built again. */
export async function readRecord(part: Part): Promise<PartRecord | undefined> {
  const text = await readIfPresent(join(part.dir, recordFile));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The fields of a record that tell whether a file is still the one that was finished. */
export async function fingerprint(path: string): Promise<Required<Pick<PartRecord, "bytes" | "digest" | "modified">>> {
  const { size, mtimeMs } = await stat(path);
  return { bytes: size, digest: await digestOf(path), modified: Math.floor(mtimeMs / 1000) };
}

/**
 * Whether a file is as its record says. The content is read only if the file was written to since: reading all parts
 * takes seconds.
 */
export async function isWhole(path: string, record: PartRecord): Promise<boolean> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size !== record.bytes) return false;
    if (record.digest === undefined || Math.floor(found.mtimeMs / 1000) === record.modified) return true;
    return (await digestOf(path)) === record.digest;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** sha256 of a file's content, hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
