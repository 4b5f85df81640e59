import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import type { GitClone } from "./git-clone.js";

/**
 * Has git sign each later commit of a clone.
 * @param key undefined for commits without a signature
 * @param directory an empty directory for the key
 */
export async function signCommits(
  clone: GitClone,
  key: ReturnType<typeof generateKeyPair> | undefined,
  directory: string,
): Promise<void> {
  await clone.git("config", "commit.gpgsign", String(key !== undefined));
  if (key === undefined) return;
  const file = join(directory, "key");
  await writeFile(file, key.private, { mode: 0o600 });
  await clone.git("config", "gpg.format", "ssh");
  await clone.git("config", "user.signingkey", file);
}
