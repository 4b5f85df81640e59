import { fleetError } from "../../lib/diagnostics/problem.js";
import { stashedProof } from "../../lib/state/proved-stash.js";
import type { StackState } from "../../lib/state/stack-state.js";
import { utcText } from "../../lib/time/local-time.js";
import { PROOF_OUTPUT, parseProof } from "../../promotion/proof.js";
import { partsInForce, withLook } from "../../promotion/ready.js";
import type { ReadyRecord } from "../../promotion/ready-record.js";
import { stashProof } from "./proved.js";

/**
 * Records a look of `fleet wait` in the proof of a stack, and registers nothing else. All other resources stay as they are,
 * because the proof is the only target.
 * @param state the stack's state from before
 * @returns the stack's outputs, of which only the proof differs
 * @throws FleetError when the stack has no proof, or another update or a later look came in between
 */
export function recordReady({ look, at, parts }: ReadyRecord, state: StackState) {
  const before = stashedProof(state);
  const proved = parseProof(before);
  const file = "fleet wait";
  if (proved === undefined) {
    throw fleetError(file, "", "the stack has proved nothing yet", "Run pulumi up on the whole stack first");
  }
  if (JSON.stringify(partsInForce(proved)) !== parts) {
    throw fleetError(file, "", "the stack was updated while the command looked at its cluster", "Run it again");
  }
  const last = proved.ready?.at ?? "";
  if (last > utcText(at)) {
    const message = `a later look, of ${last}, is recorded already, and this one is of ${utcText(at)}`;
    throw fleetError(file, "", message, "Nothing is lost. Run it again for a newer look");
  }
  const stack = Object.values(state).find(({ type }) => type === "pulumi:pulumi:Stack");
  const { [PROOF_OUTPUT]: _before, ...outputs } = stack?.outputs ?? {};
  const next = { ...Object(before), ...withLook(proved, look, at) } as unknown;
  return { ...outputs, [PROOF_OUTPUT]: stashProof(next, before) };
}
