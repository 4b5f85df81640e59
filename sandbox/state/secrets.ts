import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writePrivateFile } from "../lib/private-file.js";
import { SandboxError } from "../lib/sandbox-error.js";
import type { StatePaths } from "./state-directory.js";

const schema = z.strictObject({
  /** The personal access token that the GitHub emulator accepts: the organisation owner's. */
  githubToken: z.string().min(20),
  /** The passphrase that encrypts the secrets in the stacks' states. */
  pulumiPassphrase: z.string().min(20),
});

/** The secrets of one state directory, random, made once. */
export type Secrets = z.infer<typeof schema>;

/**
 * Reads the secrets.
 * @returns `undefined` when there are none yet
 * @throws SandboxError when the file is not what was written: new ones would lock the user out of the stacks' states
 */
export async function readSecrets(paths: StatePaths): Promise<Secrets | undefined> {
  let text: string;
  try {
    text = await readFile(paths.secrets, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  // Neither the file's text nor the validator's message: both may quote a secret.
  throw new SandboxError(
    `${paths.secrets} is damaged: it does not hold the sandbox's token and passphrase.`,
    "restore the file, or begin anew with `npx fleet sandbox down --purge`: without it the stacks' states are unreadable.",
  );
}

/** Reads the secrets, making them when there are none. Call it only while holding the lock. */
export async function ensureSecrets(paths: StatePaths): Promise<Secrets> {
  const known = await readSecrets(paths);
  if (known !== undefined) return known;
  const secrets = {
    githubToken: `ghp_${randomBytes(18).toString("hex")}`,
    pulumiPassphrase: randomBytes(24).toString("base64url"),
  };
  await writePrivateFile(paths.secrets, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
