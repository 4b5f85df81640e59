import { durationMilliseconds } from "../lib/kubernetes/duration.js";
import { type History, inForce, ranFor } from "./history.js";
import type { Proof } from "./proof.js";

/**
 * The content of a proof that another stack may take over now: each value in force that has run long enough. A part whose
 * value is too new has no history.
 * @param soak `fleet:soak` of the stack that takes it over
 * @param now in milliseconds since 1970
 */
export function soakedProof(proved: Proof, soak: string, now: number): Proof {
  const length = durationMilliseconds(soak) ?? 0;
  const soaked = (history: History): History => {
    const current = inForce(history);
    if (current === undefined || (ranFor(history, current.value, now) ?? 0) < length) return {};
    return { [current.since]: current.value };
  };
  const each = (histories: Readonly<Record<string, History>>) =>
    Object.fromEntries(Object.entries(histories).map(([name, history]) => [name, soaked(history)]));
  return {
    ...proved,
    flux: soaked(proved.flux),
    program: soaked(proved.program),
    settings: soaked(proved.settings),
    tenants: each(proved.tenants),
    charts: each(proved.charts),
  };
}
