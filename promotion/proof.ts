import { z } from "zod";
import type { DeepReadonly } from "../lib/data/freeze.js";
import { nameInUrn, type StackState } from "../lib/state/stack-state.js";
import { utcText } from "../lib/time/local-time.js";
import type { Part } from "./content.js";
import { type History, inForce, withValue } from "./history.js";

/** Output of a stack: {@link Proof}. */
export const PROOF_OUTPUT = "proved";

/** Name of the resource that keeps the proof in the state. */
export const PROOF_RESOURCE = "fleet-proved";

/** Overrides that a proof keeps. */
const mostOverrides = 10;

const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const history = z.record(time, z.string());

const proof = z.object({
  flux: history.default({}),
  program: history.default({}),
  settings: history.default({}),
  tenants: z.record(z.string(), history).default({}),
  charts: z.record(z.string(), history).default({}),
  overrides: z
    .array(z.object({ at: time, reason: z.string(), until: z.string(), passed: z.array(z.string()) }))
    .default([]),
});

/** The content that updates of a stack applied without a failure, and since when: {@link Part} by part. */
export type Proof = DeepReadonly<z.output<typeof proof>>;

/** An override that let an update pass. */
export type UsedOverride = Proof["overrides"][number];

/** A proof from the outputs of a stack. Undefined when the stack has none, or one that this version cannot read. */
export function parseProof(found: unknown): Proof | undefined {
  const { success, data } = z.record(z.string(), z.unknown()).safeParse(found);
  if (!success || Object.keys(data).length === 0) return undefined;
  return proof.safeParse(data).data;
}

/** The proof in the state of a stack from before the update. */
export function provedBefore(state: StackState): Proof | undefined {
  const found = Object.entries(state).find(([urn, { type }]) => {
    return type === "pulumi:index:Stash" && nameInUrn(urn) === PROOF_RESOURCE;
  });
  return parseProof(found?.[1].outputs.input);
}

/** The history of one part in a proof. Empty when the stack never had the part. */
export function historyOf(proved: Proof | undefined, { kind, name }: Pick<Part, "kind" | "name">): History {
  const { flux = {}, program = {}, settings = {}, tenants = {}, charts = {} } = proved ?? {};
  const single = { flux, program, settings };
  if (kind === "tenant" || kind === "chart") {
    return new Map(Object.entries(kind === "tenant" ? tenants : charts)).get(name) ?? {};
  }
  return single[kind];
}

/** The parts that differ from those in force on the stack. */
export function changedParts(content: readonly Part[], proved: Proof | undefined): readonly Part[] {
  return content.filter((part) => inForce(historyOf(proved, part))?.value !== part.value);
}

/**
 * The proof after an update that applied all parts. It equals the one before if nothing changed. A tenant or chart that the
 * stack does not have any more loses its history.
 * @param override the override that let the update pass. @default - none did
 */
export function nextProof(args: {
  readonly before: Proof | undefined;
  readonly content: readonly Part[];
  readonly now: number;
  readonly override?: Omit<UsedOverride, "at"> | undefined;
}): Proof {
  const { before, content, now, override } = args;
  const histories = (kind: Part["kind"]) =>
    content
      .filter((part) => part.kind === kind)
      .map((part) => [part.name, withValue(historyOf(before, part), part.value, now)] as const);
  const single = (kind: Part["kind"]): History => histories(kind)[0]?.[1] ?? {};
  const used = override === undefined ? [] : [{ at: utcText(now), ...override }];
  return {
    flux: single("flux"),
    program: single("program"),
    settings: single("settings"),
    tenants: Object.fromEntries(histories("tenant")),
    charts: Object.fromEntries(histories("chart")),
    overrides: [...(before?.overrides ?? []), ...used].slice(-mostOverrides),
  };
}
