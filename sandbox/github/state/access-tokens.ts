import { createHash } from "node:crypto";
import type { AccessTokenRecord, RepositoryRecord, State } from "./records.js";

/** The digest of a secret text. The state keeps no token, and a comparison of digests shows nothing of one by its time. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The personal access token of a text, unless there is none or it has ended. */
export function accessTokenOf({ tokens }: Pick<State, "tokens">, text: string): AccessTokenRecord | undefined {
  const digest = digestOf(text);
  const found = tokens.find((token) => token.digest === digest);
  const ended = found?.expiresAt && Date.parse(found.expiresAt) <= Date.now();
  return ended ? undefined : found;
}

/** Whether a token covers a repository. A classic one covers all of its account's, and in the emulator those are all. */
export function covers({ repositories }: AccessTokenRecord, { id }: RepositoryRecord): boolean {
  return repositories === null || repositories.includes(id);
}
