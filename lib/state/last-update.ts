import { stashedProof } from "./proved-stash.js";
import type { StackState } from "./stack-state.js";

/** Digests of everything that a stack registers, by name. */
export interface Digests {
  /** Of the parts that tenants share, by their name for users. */
  readonly parts: Readonly<Record<string, string>>;
  /** Of the settings and files of each tenant. */
  readonly tenants: Readonly<Record<string, string>>;
  /** Of all that other tenants and shared parts have of each tenant. Absent in the state of an older version. */
  readonly shared?: Readonly<Record<string, string>> | undefined;
}

/** The outputs about one tenant. */
export interface StatedOutputs {
  readonly namespace: string;
  readonly repository: string;
  readonly keyFingerprint: string;
}

/** The outputs of the last update of a stack that ended well. */
export interface LastUpdate {
  readonly digests: Digests;
  /** Outputs about each tenant. */
  readonly tenants: Readonly<Record<string, StatedOutputs>>;
  /** GitHub's ids of the repositories that the stack creates. Undefined on other stacks. */
  readonly repositoryIds: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads the last update from the state. The digests stand in a resource of their own, which the engine leaves out of a
 * user's own update with `--target`. It writes the stack's outputs in every update.
 * @returns undefined for a state that an older version of the program wrote, and for an empty one
 */
export function lastUpdate(state: StackState): LastUpdate | undefined {
  const { digests } = Object(stashedProof(state)) as Partial<LastUpdate>;
  const stack = Object.values(state).find(({ type }) => type === "pulumi:pulumi:Stack");
  const { tenants = {}, repositoryIds } = (stack?.outputs ?? {}) as Partial<LastUpdate>;
  return digests === undefined ? undefined : { digests, tenants, repositoryIds };
}
