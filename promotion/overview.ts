import { durationMilliseconds } from "../lib/kubernetes/duration.js";
import { type History, inForce, ranFor } from "./history.js";
import type { Proof } from "./proof.js";
import { sourceText } from "./ready.js";
import { lengthText } from "./words.js";

/** A stack of a chain, with the content that it runs. */
export interface ListedStack {
  readonly stack: string;
  /** Stack that must have run each change before. @default - none */
  readonly from?: string | undefined;
  readonly soak: string;
  /** Undefined when the stack has none, or its outputs could not be read. */
  readonly proved?: Proof | undefined;
  /** Why the outputs could not be read. */
  readonly reason?: string | undefined;
}

/** The stacks in an order in which each follows its predecessor, otherwise by name. */
export function inChainOrder<Stack extends Pick<ListedStack, "stack" | "from">>(stacks: readonly Stack[]): Stack[] {
  const names = new Set(stacks.map(({ stack }) => stack));
  const below = (parent: string | undefined, seen: readonly string[]): Stack[] =>
    stacks
      .filter(({ stack, from }) => {
        // A predecessor that does not exist is no parent.
        const isBelow = from === undefined || !names.has(from) ? parent === undefined : from === parent;
        return isBelow && !seen.includes(stack);
      })
      .flatMap((one) => [one, ...below(one.stack, [...seen, one.stack])]);
  const ordered = below(undefined, []);
  // The stacks of a circle have no first one.
  return [...ordered, ...stacks.filter((one) => !ordered.includes(one))];
}

/** A page with the parts that each stack runs, since when, and which of them wait for promotion. */
export function stackList(stacks: readonly ListedStack[], now: number): string {
  const ordered = inChainOrder(stacks);
  const proofs = new Map(ordered.map(({ stack, proved }) => [stack, proved]));
  return ordered
    .map((one) => [titleOf(one), ...linesOf(one, proofs.get(one.from ?? ""), now).map((line) => `  ${line}`)])
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function titleOf({ stack, from, soak }: ListedStack): string {
  if (from === undefined) return stack;
  const length = durationMilliseconds(soak) === 0 ? "" : ` after ${soak}`;
  return `${stack}, promotes from ${from}${length}`;
}

function linesOf({ soak, proved, reason }: ListedStack, predecessor: Proof | undefined, now: number): string[] {
  if (reason !== undefined) return [`outputs could not be read: ${reason}`];
  if (proved === undefined) return ["has proved nothing yet"];
  const length = durationMilliseconds(soak) ?? 0;
  const waiting = Object.entries(proved.ready?.waiting ?? {}).map(([name, reason]) => {
    return `${sourceText(name)} was not Ready: ${reason}`;
  });
  const parts = partsOf(proved).map(([name, history]) => {
    const current = inForce(history);
    if (current === undefined) return `${name}: none`;
    const running = `${name}: ${shortValue(current.value)} since ${current.since}`;
    const next = partsOf(predecessor).find(([other]) => other === name)?.[1];
    const offered = next && inForce(next);
    if (next === undefined || offered === undefined || offered.value === current.value) return running;
    const rest = length - (ranFor(next, offered.value, now) ?? 0);
    const wait = rest > 0 ? `can follow in ${lengthText(rest)}` : "can follow";
    return `${running}; ${shortValue(offered.value)} ${wait}`;
  });
  const behind = Object.entries(proved.leftOut ?? {}).map(([name, since]) => `${name} is left out since ${since}`);
  return [...parts, ...behind, ...readyLines(proved), ...waiting];
}

/** The revisions that were Ready at the last look of `fleet wait`. */
function readyLines({ ready }: Proof): string[] {
  return Object.entries(ready?.revisions ?? {}).flatMap(([name, history]) => {
    const current = inForce(history);
    if (current === undefined || Object.hasOwn(ready?.waiting ?? {}, name)) return [];
    return [`${sourceText(name)} Ready at ${shortRevision(current.value)} since ${current.since}`];
  });
}

/** A revision with its commit cut short. */
function shortRevision(revision: string): string {
  return revision.replace(/sha1:([0-9a-f]{8})[0-9a-f]*$/, "sha1:$1");
}

function partsOf(proved: Proof | undefined): readonly (readonly [name: string, history: History])[] {
  if (proved === undefined) return [];
  const { flux, program, tenants, charts } = proved;
  return [["Flux", flux], ["program", program], ...Object.entries(charts), ...Object.entries(tenants)];
}

/** A value with its digest cut short. */
function shortValue(value: string): string {
  return value.replace(/sha256:([0-9a-f]{8})[0-9a-f]*/g, "$1");
}
