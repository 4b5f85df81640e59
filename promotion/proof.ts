import { z } from "zod";
import { definedOnly } from "../lib/data/defined-only.js";
import type { DeepReadonly } from "../lib/data/freeze.js";
import { stashedProof } from "../lib/state/proved-stash.js";
import type { StackState } from "../lib/state/stack-state.js";
import { utcText } from "../lib/time/local-time.js";
import type { Part } from "./content.js";
import { nextFields } from "./field-record.js";
import { type History, inForce, withValue } from "./history.js";
import { tenantOfPart, withoutOverlays } from "./part-tenant.js";
import { nextRemovals } from "./removals.js";

/** Output of a stack: {@link Proof}. */
export const PROOF_OUTPUT = "proved";

/** Overrides that a proof keeps. */
const mostOverrides = 10;

const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const history = z.record(time, z.string());

const removals = z.record(z.string(), time);

const ready = z.object({
  /** Parts with which the stack was Ready, by the time of the first look. */
  flux: history.default({}),
  program: history.default({}),
  tenants: z.record(z.string(), history).default({}),
  charts: z.record(z.string(), history).default({}),
  /** The time of the last change of each tenant's fields, by the time of the first look at them. */
  fields: z.record(z.string(), history).default({}),
  /** Revisions that were Ready, by source: `platform`, or `TENANT/SYNC`. */
  revisions: z.record(z.string(), history).default({}),
  /** Tenants and charts without which the stack was Ready, by {@link removalName}: the time of the first look. */
  removed: removals.exactOptional(),
  /** Sources that were not Ready at the last look, in Flux's words. */
  waiting: z.record(z.string(), z.string()).default({}),
  /** Settings with which the stack was Ready. Absent in the record of an older version. */
  settings: history.exactOptional(),
  /** Tenants that were not Ready at the last look, and the time of the first look that found them so. Absent when none. */
  broken: z.record(z.string(), time).exactOptional(),
  /** Time of the last look with news. Absent in the record of an older version. */
  at: time.exactOptional(),
});

const proof = z.object({
  flux: history.default({}),
  program: history.default({}),
  settings: history.default({}),
  /** Tenants of other stacks of which the stack creates the repositories. */
  elsewhere: history.exactOptional(),
  tenants: z.record(z.string(), history).default({}),
  /** Merged values of each tenant, as digests: see readFields. A proof of an older version has none. */
  fields: z.record(z.string(), history).default({}),
  charts: z.record(z.string(), history).default({}),
  /** Commits and tags that the stack's files pin, by source. */
  pins: z.record(z.string(), history).default({}),
  /** Tenants and charts that updates have removed, by {@link removalName}, and when. Absent before the first one. */
  removed: removals.exactOptional(),
  /** Tenants that the last update left as they were, because the gate held them back, and since when. Absent when none. */
  leftOut: z.record(z.string(), time).exactOptional(),
  /** The record of `fleet wait`. Absent before the first one. */
  ready: ready.exactOptional(),
  overrides: z
    .array(z.object({ at: time, reason: z.string(), until: z.string(), passed: z.array(z.string()) }))
    .default([]),
});

/** The content that updates of a stack applied without a failure, and since when: {@link Part} by part. */
export type Proof = DeepReadonly<z.output<typeof proof>>;

/** An override that let an update pass. */
export type UsedOverride = Proof["overrides"][number];

/** The parts and revisions with which a stack was Ready. */
export type ReadyProof = NonNullable<Proof["ready"]>;

/** A proof from the outputs of a stack. Undefined when the stack has none, or one that this version cannot read. */
export function parseProof(found: unknown): Proof | undefined {
  const { success, data } = z.record(z.string(), z.unknown()).safeParse(found);
  if (!success || Object.keys(data).length === 0) return undefined;
  return proof.safeParse(data).data;
}

/** The proof in the state of a stack from before the update. */
export function provedBefore(state: StackState): Proof | undefined {
  return parseProof(stashedProof(state));
}

/** The history of one part in a proof. Empty when the stack never had the part. */
export function historyOf(proved: Proof | undefined, { kind, name }: Pick<Part, "kind" | "name">): History {
  const { flux = {}, program = {}, settings = {}, elsewhere = {}, tenants = {}, charts = {}, pins = {} } = proved ?? {};
  const single = { flux, program, settings, elsewhere };
  const named = { tenant: tenants, chart: charts, revision: pins };
  if (kind === "tenant" || kind === "chart" || kind === "revision") return historyIn(named[kind], name);
  return single[kind];
}

/** The history of a name. Empty when there is none: no name is one that objects inherit. */
export function historyIn(histories: Readonly<Record<string, History>>, name: string): History {
  return new Map(Object.entries(histories)).get(name) ?? {};
}

/** The parts that differ from those in force on the stack. */
export function changedParts(content: readonly Part[], proved: Proof | undefined): readonly Part[] {
  return content.filter((part) => inForce(historyOf(proved, part))?.value !== part.value);
}

/**
 * The proof after an update that applied all parts, apart from tenants that it left as they were. It equals the one before if
 * nothing changed. A tenant or chart that the stack does not have any more loses its history.
 * @param override the override that let the update pass. @default - none did
 * @param leftOut tenants of the content that the update left out. They keep what the stack has proved of them. The
 *   settings count without their overlays. @default - none
 */
export function nextProof(args: {
  readonly before: Proof | undefined;
  readonly content: readonly Part[];
  readonly now: number;
  readonly override?: Omit<UsedOverride, "at"> | undefined;
  readonly leftOut?: readonly string[];
}): Proof {
  const { before, now, override, leftOut = [] } = args;
  const isLeftOut = (part: Part) => leftOut.includes(tenantOfPart(part) ?? "");
  const content = args.content.filter((part) => !isLeftOut(part)).map((part) => withoutOverlays(part, leftOut));
  // A tenant that was never applied is not there, also if the stack has had it before.
  const present = args.content.filter((part) => !isLeftOut(part) || Object.hasOwn(before?.tenants ?? {}, part.name));
  const kept = formerOf(before, leftOut);
  const histories = (kind: Part["kind"]) =>
    content
      .filter((part) => part.kind === kind)
      .map((part) => [part.name, withValue(historyOf(before, part), part.value, now)] as const);
  const single = (kind: Part["kind"]): History => histories(kind)[0]?.[1] ?? {};
  return {
    flux: single("flux"),
    program: single("program"),
    settings: single("settings"),
    ...whenAny("elsewhere", single("elsewhere")),
    tenants: { ...Object.fromEntries(histories("tenant")), ...kept.tenants },
    fields: { ...fieldsOf(content, before, now), ...kept.fields },
    charts: Object.fromEntries(histories("chart")),
    pins: { ...Object.fromEntries(histories("revision")), ...kept.pins },
    ...whenAny("removed", nextRemovals(present, before, now)),
    ...whenAny("leftOut", kept.since(now)),
    ...definedOnly({ ready: before?.ready }),
    overrides: withOverride(before, override, now),
  };
}

/** The part of a proof that stays with tenants that an update leaves out. */
function formerOf(before: Proof | undefined, leftOut: readonly string[]) {
  const { tenants = {}, fields = {}, pins = {}, leftOut: since = {} } = before ?? {};
  const ofTenants = <Value>(all: Readonly<Record<string, Value>>, tenantOf = (name: string) => name) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => leftOut.includes(tenantOf(name))));
  return {
    tenants: ofTenants(tenants),
    fields: ofTenants(fields),
    pins: ofTenants(pins, (name) => tenantOfPart({ kind: "revision", name }) ?? ""),
    since: (now: number): Readonly<Record<string, string>> => {
      const first = new Map(Object.entries(since));
      return Object.fromEntries([...leftOut].sort().map((name) => [name, first.get(name) ?? utcText(now)]));
    },
  };
}

/**
 * The proof after an update of one tenant. It applied the tenant's base file and pins as a whole, and no other part. A tenant
 * without a part leaves the cluster. The program is the one of the proof before: the gate refuses another one.
 * @param tenant name of the tenant
 * @param isRestApplied whether no other tenant has changes that the update left out. Its settings are then those of the whole
 *   stack. @default false
 */
export function nextTenantProof(
  args: Parameters<typeof nextProof>[0] & { readonly tenant: string; readonly isRestApplied?: boolean },
): Proof | undefined {
  const { before, content, now, override, tenant, isRestApplied = false } = args;
  if (before === undefined) return undefined;
  const own = content.filter((part) => tenantOfPart(part) === tenant);
  const update = (kind: Part["kind"]) =>
    own
      .filter((part) => part.kind === kind)
      .map((part) => [part.name, withValue(historyOf(before, part), part.value, now)] as const);
  const { removed: _removed, leftOut = {}, ...others } = before;
  const stillLeftOut = Object.entries(leftOut).filter(([name]) => name !== tenant);
  const single = (kind: "settings" | "elsewhere"): History => {
    const part = content.find((one) => one.kind === kind);
    const former = historyOf(before, { kind, name: "" });
    if (part === undefined || !isRestApplied) return former;
    const lacking = stillLeftOut.map(([name]) => name);
    return withValue(former, withoutOverlays(part, lacking).value, now);
  };
  return {
    ...others,
    settings: single("settings"),
    ...whenAny("elsewhere", single("elsewhere")),
    ...whenAny("leftOut", Object.fromEntries(stillLeftOut)),
    ...whenAny("removed", nextRemovals([...remaining(before, tenant), ...own], before, now)),
    tenants: { ...ofOthers(before.tenants, "tenant", tenant), ...Object.fromEntries(update("tenant")) },
    fields: { ...ofOthers(before.fields, "tenant", tenant), ...fieldsOf(own, before, now) },
    pins: { ...ofOthers(before.pins, "revision", tenant), ...Object.fromEntries(update("revision")) },
    overrides: withOverride(before, override, now),
  };
}

/** The tenants and charts of a proof without one tenant. */
function remaining({ tenants, charts }: Proof, tenant: string) {
  const others = Object.keys(ofOthers(tenants, "tenant", tenant));
  return [
    ...others.map((name) => ({ kind: "tenant", name }) as const),
    ...Object.keys(charts).map((name) => ({ kind: "chart", name }) as const),
  ];
}

/** The entries of a proof that are not about a tenant. */
function ofOthers<Value>(all: Readonly<Record<string, Value>>, kind: "tenant" | "revision", tenant: string) {
  return Object.fromEntries(Object.entries(all).filter(([name]) => tenantOfPart({ kind, name }) !== tenant));
}

/** A field of a proof that older versions of the program did not write: nothing while it has no entry. */
function whenAny<Name extends string, Entries extends object>(name: Name, entries: Entries) {
  return Object.keys(entries).length === 0 ? {} : ({ [name]: entries } as { readonly [name in Name]: Entries });
}

/** The records of the fields of tenants after an update that applied them. */
function fieldsOf(content: readonly Part[], before: Proof | undefined, now: number) {
  return Object.fromEntries(
    content.flatMap(({ name, merged }) => {
      return merged === undefined ? [] : [[name, nextFields(historyIn(before?.fields ?? {}, name), merged, now)]];
    }),
  );
}

function withOverride(before: Proof | undefined, override: Omit<UsedOverride, "at"> | undefined, now: number) {
  const used = override === undefined ? [] : [{ at: utcText(now), ...override }];
  return [...(before?.overrides ?? []), ...used].slice(-mostOverrides);
}
