import { textAt } from "../findings/facts.js";
import { type Phrase, phrase, plainText } from "../phrase.js";
import type { StackPlan } from "../planned-resource.js";
import type { RuleFinding } from "../rules/judge.js";
import { ruleEntries } from "../rules/rule-entries.js";
import {
  compareText,
  type Entry,
  type EntryEffect,
  type ReviewDocument,
  sectionNames,
  type Target,
  TENANT_PLACEHOLDER,
} from "./document.js";
import { mergeEntries, type TenantNames } from "./merge-entries.js";
import { type ProgramChange, programEntries } from "./program-entries.js";
import { isRepository, type StackPlans, stackEntries } from "./stack-entries.js";

/** The arguments of a review. */
export interface ReviewArgs {
  readonly base: string;
  readonly head: string;
  readonly stacks: readonly StackPlans[];
  readonly notes?: readonly Phrase[];
  /** Changed files of the program. @default none */
  readonly program?: readonly ProgramChange[];
  /** Findings of the rules. @default - none */
  readonly findings?: readonly RuleFinding[];
  /** Entries that do not follow from the plans. @default - none */
  readonly further?: readonly Entry[];
}

const effectOrder: readonly EntryEffect[] = [
  ...(["refused", "loss", "warning", "gained", "changed", "lost"] as const),
  ...(["advised", "accepted"] as const),
];

/** The document of a change: a pure function of the plans of both revisions. */
export function review(args: ReviewArgs): ReviewDocument {
  const { base, head, stacks, notes = [], program = [], findings = [], further = [] } = args;
  const entries = mergeEntries(
    [
      ...ruleEntries(findings),
      ...programEntries(program),
      ...further,
      ...stacks.flatMap((plans) => stackEntries(plans, takenOver(stacks, plans.stack))),
    ],
    tenantNames(stacks),
  );
  const names = stacks.map(({ stack }) => stack).sort(compareText);
  const isShared = entries.some(({ targets }) => new Set(targets.map(({ tenant }) => tenant)).size > 1);
  const placeholder = phrase`${TENANT_PLACEHOLDER} stands for the name of each listed tenant, or of its namespace`;
  const allNotes = isShared ? [...notes, placeholder] : notes;
  return { base, head, stacks: names, notes: allNotes, entries: [...entries].sort(byImportance), cuts: [] };
}

/** The repositories that other stacks manage from now on, and did not before. */
function takenOver(stacks: readonly StackPlans[], stack: string): ReadonlySet<string> {
  const names = (plan: StackPlan | undefined) =>
    (plan?.resources ?? []).filter(isRepository).map((resource) => textAt(resource, "name"));
  return new Set(
    stacks
      .filter((other) => other.stack !== stack)
      .flatMap(({ before, after }) => names(after).filter((name) => !names(before).includes(name))),
  );
}

function byImportance(a: Entry, b: Entry): number {
  const place = ({ section, effect = "loss" }: Entry) =>
    sectionNames.indexOf(section) * effectOrder.length + effectOrder.indexOf(effect);
  // The platform first, then tenant by tenant.
  return (
    place(a) - place(b) ||
    compareText(firstTenant(a), firstTenant(b)) ||
    compareText(plainText(a.sentence), plainText(b.sentence)) ||
    compareText(targetText(a.targets), targetText(b.targets))
  );
}

function firstTenant({ targets: [first] }: Entry): string {
  return first?.tenant ?? "";
}

function targetText(targets: readonly Target[]): string {
  return JSON.stringify(targets);
}

/** The names of tenants and of their namespaces in all plans. Of several namespaces, none can stand for the tenant. */
function tenantNames(stacks: readonly StackPlans[]): TenantNames {
  const namespaces = new Map<string, Set<string>>();
  for (const { tenant, type, ...resource } of stacks.flatMap(({ before, after }) =>
    [before, after].flatMap((plan) => plan?.resources ?? []),
  )) {
    if (tenant === undefined) continue;
    const own = namespaces.get(tenant) ?? new Set();
    if (type === "kubernetes:core/v1:Namespace") own.add(textAt({ ...resource, type }, "metadata", "name"));
    namespaces.set(tenant, own);
  }
  return new Map([...namespaces].map(([tenant, own]) => [tenant, own.size === 1 ? [tenant, ...own] : [tenant]]));
}
