import type { FleetSpec } from "../config/fleet-spec.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { durationMilliseconds } from "../lib/kubernetes/duration.js";
import { describePart, type Part } from "./content.js";
import { firstOf, type History, ranFor } from "./history.js";
import { historyIn, historyOf, type Proof } from "./proof.js";
import { isRevision, PLATFORM_REVISION, sourceText } from "./ready.js";
import { brokenByShared } from "./shared-break.js";
import { lengthText } from "./words.js";

/** The predecessor that must have run a part, and the rules of the stack that wants to run it. */
export interface RefusalArgs {
  /** Name of the predecessor. */
  readonly stack: string;
  /** Name of the stack that is updated. */
  readonly target: string;
  readonly proved: Proof;
  readonly promotion: FleetSpec["promotion"];
  /** In milliseconds since 1970. */
  readonly now: number;
}

type Refusal = Pick<Problem, "message" | "fix">;

/** Why a stack may not run a part yet. Undefined when it may. */
export function refusalOf(part: Part, args: RefusalArgs): Refusal | undefined {
  return part.kind === "revision" ? revisionRefusal(part, args) : partRefusal(part, args);
}

function partRefusal(part: Part, args: RefusalArgs): Refusal | undefined {
  const { stack, proved, promotion, now } = args;
  const words = describePart(part);
  const ran = ranFor(historyOf(proved, part), part.value, now);
  if (ran === undefined) {
    const fix = `Run pulumi up on the stack ${stack} first, from the same files`;
    return { message: `the stack ${stack} has never run ${words}`, fix };
  }
  if (promotion.needs === "applied") return youngerThanSoak(words, ran, args);
  const since = firstOf(readyHistory(proved, part), part.value);
  if (since === undefined) {
    const fix = `Run npx fleet wait ${stack}, and correct first what it names`;
    return {
      message: `the stack ${stack} has applied ${words}, and was never Ready with it${reasonOf(part, proved)}`,
      fix,
    };
  }
  // Clocks differ between machines, so the record may be of a time to come.
  return youngerThanSoak(words, Math.max(0, Math.min(ran, now - since)), args);
}

/** Only the record of `fleet wait` has revisions, so a stack that does not need it has none to compare with. */
function revisionRefusal(part: Part, args: RefusalArgs): Refusal | undefined {
  const { stack, target, proved, promotion, now } = args;
  if (promotion.needs === "applied") return undefined;
  const { name, value } = part;
  const recorded = historyIn(proved.ready?.revisions ?? {}, name);
  const named = Object.entries(recorded).map(([since, applied]) => [
    since,
    isRevision(applied, value) ? value : applied,
  ]);
  const ran = ranFor(Object.fromEntries(named), value, now);
  if (ran !== undefined) return youngerThanSoak(describePart(part), ran, args);
  const option = name === PLATFORM_REVISION ? "--platform" : `--tenant ${name.split("/", 1)[0]}`;
  const fix = `Run npx fleet wait ${stack}, then npx fleet promote ${stack} ${target} ${option}`;
  return { message: `the stack ${stack} was never Ready with ${describePart(part)}`, fix };
}

/** Why a part may not be taken over yet that has run for some time. Undefined when that is long enough. */
export function youngerThanSoak(words: string, ran: number, { stack, promotion }: RefusalArgs): Refusal | undefined {
  const soak = durationMilliseconds(promotion.soak) ?? 0;
  if (ran >= soak) return undefined;
  return {
    message: `the stack ${stack} has run ${words} for ${lengthText(ran)}, and fleet:soak is ${promotion.soak}`,
    fix: `Wait for another ${lengthText(soak - ran)}, while it stays in force there`,
  };
}

function readyHistory({ ready }: Proof, { kind, name }: Part): History {
  if (ready === undefined) return {};
  if (kind === "tenant" || kind === "chart") return historyIn(kind === "tenant" ? ready.tenants : ready.charts, name);
  return kind === "flux" || kind === "program" ? ready[kind] : {};
}

/** The words of Flux at the last look, where the part's sync was not Ready. */
function reasonOf({ kind, name }: Part, proved: Proof): string {
  const { ready } = proved;
  const tenants = kind === "tenant" ? [name] : brokenByShared(proved, ready?.waiting ?? {}).tenants;
  const isMeant = (source: string) =>
    tenants.some((tenant) => source.startsWith(`${tenant}/`)) || (kind !== "tenant" && source === PLATFORM_REVISION);
  const waiting = Object.entries(ready?.waiting ?? {}).filter(([source]) => isMeant(source));
  return waiting.length === 0
    ? ""
    : ` (${waiting.map(([source, reason]) => `${sourceText(source)}: ${reason}`).join("; ")})`;
}
