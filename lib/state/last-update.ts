import type { StackState } from "./stack-state.js";

/** Digests of everything that a stack registers, by name. */
export interface Digests {
  /** Of the parts that tenants share, by their name for users. */
  readonly parts: Readonly<Record<string, string>>;
  /** Of the settings and files of each tenant. */
  readonly tenants: Readonly<Record<string, string>>;
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
 * Reads the last update from the stack's outputs, which a failed update leaves as they were.
 * @returns undefined for a state that an older version of the program wrote, and for an empty one
 */
export function lastUpdate(state: StackState): LastUpdate | undefined {
  const stack = Object.values(state).find(({ type }) => type === "pulumi:pulumi:Stack");
  const { digests, tenants = {}, repositoryIds } = (stack?.outputs ?? {}) as Partial<LastUpdate>;
  return digests === undefined ? undefined : { digests, tenants, repositoryIds };
}
