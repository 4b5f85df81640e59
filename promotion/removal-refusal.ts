import type { Problem } from "../lib/diagnostics/problem.js";
import { historyIn } from "./proof.js";
import { type RefusalArgs, youngerThanSoak } from "./refusal.js";
import { describeRemoved, type RemovedPart, removalName } from "./removals.js";

/**
 * Why a stack may not remove a tenant or a chart yet. Its predecessor must have removed it before, for as long as the soak asks,
 * and must have been Ready without it if `fleet:promotionNeeds` says so. A part that the predecessor never had cannot be
 * tried there.
 */
export function removalProblems(part: RemovedPart, args: RefusalArgs): Problem[] {
  const refusal = refusalOf(part, args);
  const place =
    part.kind === "tenant"
      ? { file: `stacks/${args.target}/tenants/${part.name}.yaml`, path: "" }
      : { file: `fleet/clusters/${args.target}`, path: "" };
  return refusal === undefined ? [] : [{ ...place, ...refusal }];
}

function refusalOf(part: RemovedPart, args: RefusalArgs): Pick<Problem, "message" | "fix"> | undefined {
  const { stack, proved, promotion, now } = args;
  const words = describeRemoved(part);
  const there = historyIn(part.kind === "tenant" ? proved.tenants : proved.charts, part.name);
  if (Object.keys(there).length > 0) {
    const message = `the stack ${stack} still runs ${words}, which this update removes`;
    return { message, fix: `Remove it from ${stack} first, and run pulumi up there` };
  }
  const name = removalName(part);
  const removed = new Map(Object.entries(proved.removed ?? {})).get(name);
  if (removed === undefined) return undefined;
  const look = new Map(Object.entries(proved.ready?.removed ?? {})).get(name);
  // An older look may be from before the part came back, and was removed again.
  const looked = look !== undefined && look >= removed ? look : undefined;
  if (promotion.needs === "ready" && looked === undefined) {
    const message = `the stack ${stack} has removed ${words}, and was never Ready without it`;
    return { message, fix: `Run npx fleet wait ${stack}, and correct first what it names` };
  }
  const since = promotion.needs === "ready" ? (looked ?? removed) : removed;
  // Clocks differ between machines, so the record may be of a time to come.
  return youngerThanSoak(`without ${words}`, Math.max(0, now - Date.parse(since)), args);
}
