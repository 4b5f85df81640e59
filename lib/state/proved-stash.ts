import { nameInUrn, type StackState } from "./stack-state.js";

/** Name of the resource that keeps in the state what the stack has run: a Stash, whose input a whole update writes. */
export const PROOF_RESOURCE = "fleet-proved";

/** Type of that resource. */
export const PROOF_TYPE = "pulumi:index:Stash";

/** The input of that resource in a state. Undefined when the state has none. */
export function stashedProof(state: StackState): unknown {
  const found = Object.entries(state).find(([urn, { type }]) => {
    return type === PROOF_TYPE && nameInUrn(urn) === PROOF_RESOURCE;
  });
  return found?.[1].outputs.input;
}
