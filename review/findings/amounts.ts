import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { type Phrase, phrase } from "../phrase.js";
import type { StackPlan } from "../planned-resource.js";
import { mapAt, objectText, ofKind, textAt, valueText } from "./facts.js";
import type { Finding } from "./finding.js";

interface Amount {
  readonly id: string;
  readonly tenant?: string | undefined;
  readonly quota: string;
  readonly resource: string;
  readonly amount: string;
}

const unlimited = "unlimited";

/**
 * Quotas that are raised, and quotas that are lowered. Pods of a lowered quota run on, and cannot be replaced while more
 * is used than the quota allows.
 */
export function quotaFindings(before: StackPlan, after: StackPlan): Finding[] {
  const [old, now] = [amounts(before), amounts(after)];
  // New and removed quotas come with their namespaces. One that goes alone leaves its namespace without a limit.
  const quotas = new Set([...old.values()].map(({ quota }) => quota));
  const namespaces = new Set(ofKind(after, "Namespace").map((one) => textAt(one, "metadata", "name")));
  const kept = new Set([
    ...[...now.values()].map(({ quota }) => quota).filter((quota) => quotas.has(quota)),
    ...[...quotas].filter((quota) => namespaces.has(quota.split("/")[0] ?? "")),
  ]);
  return [...new Map([...old, ...now])].flatMap(([id, { quota, resource, tenant }]): Finding[] => {
    const [from, to] = [old.get(id)?.amount ?? unlimited, now.get(id)?.amount ?? unlimited];
    if (size(from) === size(to) || !kept.has(quota)) return [];
    const lowered = size(to) < size(from);
    const [verb, effect] = lowered ? (["lowered", "loss"] as const) : (["raised", "gained"] as const);
    const tell = (items: Phrase) => phrase`quota ${quota} ${[verb]}: ${items}`;
    return [{ effect, tenant, subject: `quota ${quota}`, item: phrase`${resource} from ${from} to ${to}`, tell }];
  });
}

function amounts(plan: StackPlan): ReadonlyMap<string, Amount> {
  const found = ofKind(plan, "ResourceQuota").flatMap((one) =>
    Object.entries(mapAt(one.inputs, "spec", "hard")).map(([resource, amount]): Amount => {
      const quota = objectText(one);
      const id = JSON.stringify([quota, resource]);
      return { id, tenant: one.tenant, quota, resource, amount: valueText(amount) };
    }),
  );
  // A sentence lists some of them only: amounts of CPU, memory and disk stand before counts of objects.
  const isCount = ({ resource }: Amount) => Number(resource.startsWith("count/"));
  return new Map(found.sort((a, b) => isCount(a) - isCount(b)).map((amount) => [amount.id, amount]));
}

function size(amount: string): number {
  return amount === unlimited ? Number.POSITIVE_INFINITY : quantityAmount(amount);
}
