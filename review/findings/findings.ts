import { groupBy } from "../../lib/data/group-by.js";
import type { ResourceChange } from "../diff/resource-changes.js";
import { joined, listed, type Phrase, phrase, unlisted } from "../phrase.js";
import type { StackPlan } from "../planned-resource.js";
import { admissionFacts, admissionLevels } from "./admission-rights.js";
import { quotaFindings } from "./amounts.js";
import { clusterFacts } from "./cluster-rights.js";
import { changedFacts, type FactFinder } from "./facts.js";
import type { Effect, Finding } from "./finding.js";
import { fluxFacts, fluxLevels } from "./flux-rights.js";
import { followedFacts } from "./followed-revisions.js";
import { gitHubLevels } from "./github-levels.js";
import { gitHubFacts } from "./github-rights.js";
import { changedLevels, type Level } from "./levels.js";
import { lossFindings } from "./losses.js";
import { namespaceFacts, namespaceLevels } from "./namespace-rights.js";
import { networkFacts } from "./network-rights.js";
import { exceptionFindings } from "./sync-exceptions.js";

/** One consequence of a change, in words. */
export interface Consequence {
  readonly effect: Effect;
  /** Undefined for the platform. */
  readonly tenant?: string | undefined;
  readonly sentence: Phrase;
  /** Names that the sentence only counts: more of it would make it unreadable, and less would hide rights. */
  readonly details: readonly Phrase[];
}

const factFinders: readonly FactFinder[] = [
  gitHubFacts,
  clusterFacts,
  namespaceFacts,
  networkFacts,
  admissionFacts,
  fluxFacts,
  followedFacts,
];
const levelFinders: readonly ((plan: StackPlan) => Level[])[] = [
  gitHubLevels,
  namespaceLevels,
  admissionLevels,
  fluxLevels,
];

/**
 * The consequences of a change of one stack for data and privileges: a pure function of the two plans.
 * @param changes the differences between the plans' resources
 */
export function consequences(
  before: StackPlan,
  after: StackPlan,
  changes: readonly ResourceChange[],
): readonly Consequence[] {
  return told([
    ...lossFindings(changes),
    ...quotaFindings(before, after),
    ...exceptionFindings(before, after),
    ...factFinders.flatMap((find) => changedFacts(find(before), find(after))),
    ...levelFinders.flatMap((find) => changedLevels(find(before), find(after))),
  ]);
}

/** One sentence for all findings of one subject. Parts of one item stand behind it in parentheses. */
function told(findings: readonly Finding[]): Consequence[] {
  const bySubject = groupBy(findings, ({ effect, tenant, subject, tell }) =>
    // The same subject may appear and disappear with one effect.
    JSON.stringify([effect, tenant, subject, tell(["…"])]),
  );
  return [...bySubject.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const items = [...groupBy(group, ({ item }) => JSON.stringify(item)).values()].flatMap((same) => {
      const parts = [...new Set(same.flatMap(({ part }) => (part === undefined ? [] : [part])))];
      const [one] = same;
      if (one === undefined) return [];
      return [parts.length === 0 ? one.item : phrase`${one.item} (${joined(parts.map((part) => phrase`${part}`))})`];
    });
    const { effect, tenant, tell } = first;
    return [{ effect, tenant, sentence: tell(listed(items)), details: unlisted(items) }];
  });
}
