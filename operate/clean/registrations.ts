import { z } from "zod";
import { keyMaterial } from "../../lib/github/public-key.js";
import { deployKey } from "../../lib/state/stack-state.js";

const hookType = "github:index/repositoryWebhook:RepositoryWebhook";

const resource = z.object({
  type: z.string(),
  id: z.string().default(""),
  inputs: z.record(z.string(), z.unknown()).default({}),
});
const exported = z.object({ deployment: z.object({ resources: z.array(resource).default([]) }) });

/** The registrations on GitHub that a stack's state has, those among them that an update is about to remove. */
export interface StatedRegistrations {
  /** Public keys, without comment. */
  readonly keys: ReadonlySet<string>;
  /** GitHub's ids of webhooks. */
  readonly hooks: ReadonlySet<string>;
}

/**
 * The registrations of an exported state: the answer of `pulumi stack export`.
 * @throws Error for data that is no export, and for a key whose public half the state does not tell
 */
export function registrationsIn(state: unknown): StatedRegistrations {
  const parsed = exported.safeParse(state);
  if (!parsed.success) throw new Error("the export of the state has no list of resources");
  const { resources } = parsed.data.deployment;
  const keys = resources
    .filter(({ type }) => type === deployKey)
    .map(({ inputs: { key } }) => {
      if (typeof key === "string") return keyMaterial(key);
      throw new Error("the export of the state has a deploy key without its public half");
    });
  const hooks = resources.filter(({ type }) => type === hookType).map(({ id }) => id);
  return { keys: new Set(keys), hooks: new Set(hooks) };
}
