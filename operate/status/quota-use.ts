import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";

/** The use of one resource of a quota. */
export interface QuotaUse {
  readonly namespace: string;
  readonly quota: string;
  /** `requests.cpu`, `count/secrets` */
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
  /** Used part in percent, rounded. */
  readonly percent: number;
}

const amounts = z.record(z.string(), z.string()).default({});
const quota = z.object({ status: z.object({ hard: amounts, used: amounts }).default({ hard: {}, used: {} }) });

/** Resources that people ask for first, with their short names. */
const main: Readonly<Record<string, string>> = {
  "requests.cpu": "cpu",
  "requests.memory": "memory",
  "requests.storage": "storage",
  pods: "pods",
};

/** Percent from which every resource is worth a look. */
const highPercent = 80;

/** The use of every resource of quotas. One whose limit is 0 has no use. */
export function quotaUses(quotas: readonly LiveObject[]): readonly QuotaUse[] {
  return quotas.flatMap((object) => {
    const { namespace = "", name } = object.metadata;
    const { hard, used } = quota.parse(object).status;
    return Object.entries(hard).flatMap(([resource, most]) => {
      const amount = used[resource] ?? "0";
      const percent = Math.round((100 * quantityAmount(amount)) / quantityAmount(most));
      return Number.isFinite(percent) ? [{ namespace, quota: name, resource, used: amount, hard: most, percent }] : [];
    });
  });
}

/** A short text of uses: the resources that people ask for first, and each one that is nearly used up. */
export function quotaText(uses: readonly QuotaUse[]): string {
  const several = new Set(uses.map(({ namespace }) => namespace)).size > 1;
  const shown = uses.filter(({ resource, percent }) => percent >= highPercent || (resource in main && percent > 0));
  return shown
    .map(({ namespace, resource, percent }) => {
      return `${several ? `${namespace}: ` : ""}${main[resource] ?? resource} ${percent} %`;
    })
    .join("\n");
}
