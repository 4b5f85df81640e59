import { utcText } from "../lib/time/local-time.js";
import type { Part } from "./content.js";
import type { Proof } from "./proof.js";

/** A tenant or a chart of a stack. */
export interface RemovedPart {
  readonly kind: "tenant" | "chart";
  /** Name of the tenant, or of the chart's object. */
  readonly name: string;
}

/** Removals that a proof keeps, the newest. A later stack asks for each of them. */
const mostRemovals = 100;

/** The name of a removal in a proof: `tenant team-a`. */
export function removalName({ kind, name }: RemovedPart): string {
  return `${kind} ${name}`;
}

/** A removed part in words, for messages. */
export function describeRemoved({ kind, name }: RemovedPart): string {
  return kind === "tenant" ? `the tenant ${name}` : name;
}

/** The kind and the name of a part, which say whether a stack has it. */
type PresentPart = Pick<Part, "kind" | "name">;

/** The tenants and charts that a stack runs, and that its files do not have any more. */
export function removedParts(content: readonly PresentPart[], proved: Proof | undefined): readonly RemovedPart[] {
  const { tenants = {}, charts = {} } = proved ?? {};
  const named = (kind: RemovedPart["kind"], histories: object) =>
    Object.keys(histories).map((name) => ({ kind, name }));
  const present = presentIn(content);
  return [...named("tenant", tenants), ...named("chart", charts)].filter((part) => !present.has(removalName(part)));
}

/** The removals of a proof after an update that applied all parts. Parts that came back are removed no longer. */
export function nextRemovals(
  content: readonly PresentPart[],
  before: Proof | undefined,
  now: number,
): Readonly<Record<string, string>> {
  const added = removedParts(content, before).map((part) => [removalName(part), utcText(now)] as const);
  const kept = Object.entries(withoutPresent(before?.removed, content));
  const newestFirst = [...kept, ...added].sort(([, a], [, b]) => (a > b ? -1 : 1));
  return Object.fromEntries(newestFirst.slice(0, mostRemovals).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Removals without those of parts that are there. */
function withoutPresent(
  removed: Readonly<Record<string, string>> | undefined = {},
  content: readonly PresentPart[],
): Readonly<Record<string, string>> {
  const present = presentIn(content);
  return Object.fromEntries(Object.entries(removed).filter(([name]) => !present.has(name)));
}

function presentIn(content: readonly PresentPart[]): ReadonlySet<string> {
  return new Set(content.map(({ kind, name }) => `${kind} ${name}`));
}
