import { bare, type Emulator } from "../context.js";
import { BareRepository } from "../git/bare-repository.js";
import type { PackServiceArgs } from "../git/pack-service.js";
import { type Actor, violationMessage, violations } from "../rules/evaluate.js";
import type { RepositoryRecord } from "../state/records.js";

/** GitHub's message for a push to an archived repository. */
export const archivedMessage = "This repository was archived so it is read-only.";

/** Decides about a push for both transports: archived repositories and rulesets stand against it. */
export function reviewer(emulator: Emulator, repository: RepositoryRecord, actor: Actor): PackServiceArgs["review"] {
  return async (updates, env) => {
    // Asked again here: it may have been archived or deleted while the client was sending.
    if (emulator.catalogue.repositoryById(repository.id) === undefined) return ["ERROR: Repository not found."];
    if (repository.archived) return [`ERROR: ${archivedMessage}`];
    const objects = new BareRepository(bare(emulator, repository).directory, env);
    const page = emulator.urls.page(`${emulator.owner}/${repository.name}`);
    const messages: string[] = [];
    for (const update of updates) {
      const sentences = await violations(repository, objects, { update, actor });
      if (sentences.length > 0) messages.push(violationMessage(update.ref, page, sentences));
    }
    return messages;
  };
}
