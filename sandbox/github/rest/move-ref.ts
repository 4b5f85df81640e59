import { bare, type Emulator } from "../context.js";
import type { RefUpdate } from "../git/pack-service.js";
import { BranchMoved, updateRef } from "../git/write.js";
import { violations } from "../rules/evaluate.js";
import type { RepositoryRecord } from "../state/records.js";
import { announcePush } from "../webhooks/push-event.js";
import { conflict, ruleViolation } from "./errors.js";

/**
 * Moves a reference on the owner's behalf, if the rulesets allow it, and tells the webhooks.
 * @param pullRequest whether this merges a pull request. @default false
 * @throws 409 when a rule forbids it, or another client moved the reference first
 */
export async function moveRef(
  emulator: Emulator,
  repository: RepositoryRecord,
  refUpdate: RefUpdate,
  pullRequest = false,
): Promise<void> {
  const git = bare(emulator, repository);
  const broken = await violations(repository, git, { update: refUpdate, actor: "owner", pullRequest });
  if (broken.length > 0) throw ruleViolation(broken);
  try {
    await updateRef(git, refUpdate.ref, refUpdate.before, refUpdate.after);
  } catch (error) {
    if (error instanceof BranchMoved) throw conflict(`${refUpdate.ref} was updated meanwhile. Try again.`);
    throw error;
  }
  await announcePush(emulator, repository, [refUpdate]);
}
