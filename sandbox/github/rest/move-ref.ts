import { bare, type Emulator } from "../context.js";
import type { RefUpdate } from "../git/pack-service.js";
import { BranchMoved, updateRef } from "../git/write.js";
import { type Actor, violations } from "../rules/evaluate.js";
import type { RepositoryRecord } from "../state/records.js";
import { announcePush } from "../webhooks/push-event.js";
import { conflict, ruleViolation } from "./errors.js";

/**
 * Moves a reference if the rulesets allow it, and tells the webhooks.
 * @param actor who moves it @default - the owner
 * @param mergedHead head of the pull request that this merges. @default - none
 * @throws 409 when a rule forbids it, 405 for a merge, and 409 when another client moved the reference first
 */
export async function moveRef(
  emulator: Emulator,
  repository: RepositoryRecord,
  refUpdate: RefUpdate,
  { actor = "owner", mergedHead }: { readonly actor?: Actor; readonly mergedHead?: string } = {},
): Promise<void> {
  const git = bare(emulator, repository);
  const broken = await violations(repository, git, { update: refUpdate, actor, mergedHead });
  if (broken.length > 0) throw ruleViolation(broken, mergedHead === undefined ? 409 : 405);
  try {
    await updateRef(git, refUpdate.ref, refUpdate.before, refUpdate.after);
  } catch (error) {
    if (error instanceof BranchMoved) throw conflict(`${refUpdate.ref} was updated meanwhile. Try again.`);
    throw error;
  }
  await announcePush(emulator, repository, [refUpdate]);
}
