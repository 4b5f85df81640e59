import { groupBy } from "../../lib/data/group-by.js";
import type { Phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import type { Finding } from "./finding.js";

/** A right or a restriction that exists on a stack, whatever resources bring it about. */
export interface Fact {
  /** Identity of the fact on its stack. */
  readonly id: string;
  readonly tenant?: string | undefined;
  /** A right adds to what its subject may do, and a restriction takes from it. A setting may do either. */
  readonly kind: "right" | "restriction" | "setting";
  readonly subject: string;
  readonly item: Phrase;
  readonly part?: string | undefined;
  /** The sentence about facts of the subject that are new. */
  readonly appear: (items: Phrase) => Phrase;
  /** The sentence about facts of the subject that are gone. */
  readonly disappear: (items: Phrase) => Phrase;
}

/** Finds facts in a plan. */
export type FactFinder = (plan: StackPlan) => readonly Fact[];

const effects = {
  right: { appear: "gained", disappear: "lost" },
  restriction: { appear: "lost", disappear: "gained" },
  setting: { appear: "changed", disappear: "changed" },
} as const;

/** The differences between the facts of two plans. */
export function changedFacts(before: readonly Fact[], after: readonly Fact[]): Finding[] {
  const finding = (fact: Fact, direction: "appear" | "disappear"): Finding => {
    const { kind, tenant, subject, item, part } = fact;
    return { effect: effects[kind][direction], tenant, subject, item, part, tell: fact[direction] };
  };
  const [old, now] = [before, after].map((facts) => new Map(facts.map((fact) => [fact.id, fact])));
  return [
    ...[...(now ?? [])].flatMap(([id, fact]) => (old?.has(id) ? [] : [finding(fact, "appear")])),
    ...[...(old ?? [])].flatMap(([id, fact]) => (now?.has(id) ? [] : [finding(fact, "disappear")])),
  ];
}

/** A field of plain data, by its path. Undefined where there is none. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((one, key) => {
    return typeof one === "object" && one !== null ? (one as Readonly<Record<string, unknown>>)[key] : undefined;
  }, value);
}

/** A text of a resource's inputs. @default "" */
export function textAt(resource: PlannedResource, ...path: readonly string[]): string {
  const value = fieldAt(resource.inputs, ...path);
  return typeof value === "string" ? value : "";
}

/** A list in plain data. @default - an empty one */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = fieldAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A map of texts in plain data. @default - an empty one */
export function mapAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const found = fieldAt(value, ...path);
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? (found as Readonly<Record<string, unknown>>)
    : {};
}

/** The resources of plans by their kind. Rules and facts ask for kinds again and again. */
const byKind = new WeakMap<readonly PlannedResource[], ReadonlyMap<string, readonly PlannedResource[]>>();

/** The resources of a plan whose kind is one of these: the last part of their type. */
export function ofKind({ resources }: Pick<StackPlan, "resources">, ...kinds: readonly string[]): PlannedResource[] {
  const [kind, ...others] = kinds;
  // The order of the plan, whatever the order of the kinds.
  if (kind === undefined || others.length > 0) return resources.filter(({ type }) => kinds.includes(kindOf(type)));
  const index = byKind.get(resources) ?? groupBy(resources, ({ type }) => kindOf(type));
  byKind.set(resources, index);
  return [...(index.get(kind) ?? [])];
}

/** The last part of a type: `Namespace`. */
export function kindOf(type: string): string {
  return type.split(":").at(-1) ?? "";
}

/** A value as text: texts as they are, everything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** The name of an object: `NAMESPACE/NAME`, or its name alone. */
export function objectText(resource: PlannedResource): string {
  const [namespace, name] = [textAt(resource, "metadata", "namespace"), textAt(resource, "metadata", "name")];
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** A selector of labels as people write it. */
export function labelsText(selector: unknown): string {
  const labels = Object.entries(mapAt(selector, "matchLabels")).map(([key, value]) => `${key}=${value}`);
  const expressions = listAt(selector, "matchExpressions").map(valueText);
  return [...labels, ...expressions].join(", ");
}
