import * as pulumi from "@pulumi/pulumi";
import type { Digests } from "../../lib/state/last-update.js";
import { PROOF_RESOURCE } from "../../lib/state/proved-stash.js";
import { type Proof, parseProof } from "../../promotion/proof.js";

/** The proofs of a stack, and the resources that must be registered well for the next one. */
export interface ProvedArgs {
  /** The input of the resource in the state. Undefined before the first update. */
  readonly before: unknown;
  /** The proof at a time in milliseconds since 1970. Called once everything is applied. */
  readonly next: (now: number) => Proof | undefined;
  /** Digests of everything registered, for the next update of one tenant. Plain data, so no dependency comes with it. */
  readonly digests: Digests;
  readonly resources: readonly pulumi.Resource[];
}

/**
 * Keeps the proof of a stack in its state, once every resource was created or updated. The engine also writes the outputs of
 * a stack when an update fails, or when it has `--target`. A resource of its own is left out of an update with `--target`,
 * and so is the proof of what was not applied.
 *
 * The resource depends on no other resource. Otherwise, `--target-dependents` would take it in. `fleet up --tenant` has it as
 * a second target.
 * @returns the proof in the state after the update, which is an output for other stacks and people
 */
export function keepProof({ before = {}, next, digests, resources }: ProvedArgs): pulumi.Output<unknown> {
  const input = allRegistered(resources).then((isComplete): unknown => {
    const proof = isComplete ? next(Date.now()) : undefined;
    return proof === undefined ? before : { ...proof, digests };
  });
  return stashProof(pulumi.output(input), before);
}

/**
 * Registers the resource of the proof.
 * @param before its input in the state
 * @returns the proof in the state after the update
 */
export function stashProof(input: pulumi.Input<unknown>, before: unknown): pulumi.Output<unknown> {
  const stash = new pulumi.Stash(PROOF_RESOURCE, { input });
  return stash.input.apply(async (kept) => parseProof((await isInState(stash)) ? kept : before) ?? {});
}

/**
 * Whether all resources were registered well. With `--continue-on-error`, the program goes on after a failure. A resource that
 * could not be created has no known id. One that could not be updated keeps its id, and the SDK knows none of its outputs.
 * Without that option, the program ends.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/runtime/resource.ts registerResource
 */
async function allRegistered(resources: readonly pulumi.Resource[]): Promise<boolean> {
  await Promise.all(resources.map(({ urn }) => settled(urn)));
  if (pulumi.runtime.isDryRun()) return true;
  const outputs = resources.filter(pulumi.CustomResource.isInstance).flatMap((one) => [one.id, ...outputsOf(one)]);
  return (await Promise.all(outputs.map(settled))).every((isKnown) => isKnown);
}

function outputsOf(resource: pulumi.CustomResource): readonly pulumi.Output<unknown>[] {
  return Object.values(resource).filter((value: unknown) => pulumi.Output.isInstance(value));
}

/**
 * Whether the engine keeps a resource. An update with `--target` does not create others, and gives them no id. The SDK then
 * takes the inputs for the outputs, so the stack would have the output of a proof that its state does not have.
 */
async function isInState(stash: pulumi.Stash): Promise<boolean> {
  return pulumi.runtime.isDryRun() || (await settled(stash.id));
}

/** Waits for an output. @returns whether its value is known, which the SDK's types do not show */
function settled(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}
