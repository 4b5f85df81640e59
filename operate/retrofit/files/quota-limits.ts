import { z } from "zod";
import { limitFields } from "../../../config/tenant/limits/schema.js";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";
import { quantityAmount } from "../../../lib/kubernetes/quantity.js";
import type { Expressed } from "./sync-fields.js";

type LimitField = Exclude<keyof typeof limitFields, "size">;

/** The fields of a file, with the resources of a quota that they limit. */
const resources: Readonly<Partial<Record<LimitField, readonly string[]>>> = {
  cpu: ["limits.cpu", "requests.cpu", "cpu"],
  memory: ["limits.memory", "requests.memory", "memory"],
  storage: ["requests.storage"],
  ephemeralStorage: ["limits.ephemeral-storage", "requests.ephemeral-storage", "ephemeral-storage"],
  pods: ["pods"],
  configMaps: ["configmaps", "count/configmaps"],
  secrets: ["secrets", "count/secrets"],
  services: ["services", "count/services"],
  persistentVolumeClaims: ["persistentvolumeclaims", "count/persistentvolumeclaims"],
  jobs: ["count/jobs.batch"],
};

/** Fields whose value is a number of objects. */
const counted: ReadonlySet<string> = new Set([
  "pods",
  "configMaps",
  "secrets",
  "services",
  "persistentVolumeClaims",
  "jobs",
]);

const quota = z.object({
  spec: z.object({
    hard: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({}),
    scopes: z.array(z.unknown()).default([]),
    scopeSelector: z.unknown().optional(),
  }),
});

/**
 * The limits of a namespace, from its quotas. Of several amounts of one resource, the smallest counts, as for Kubernetes.
 * An amount that a file may not have is left out, and the size decides.
 */
export function quotaLimits(quotas: readonly LiveObject[]): Expressed {
  const read = quotas.map((object) => ({ name: object.metadata.name, ...quota.parse(object).spec }));
  const isScoped = ({ scopes, scopeSelector }: (typeof read)[number]) =>
    scopes.length > 0 || scopeSelector !== undefined;
  const whole = read.filter((one) => !isScoped(one));
  const entries = Object.entries(resources).map(([field, names]) => [field, smallest(whole, names)] as const);
  const amounts = entries.flatMap(([field, amount]) => (amount === undefined ? [] : [{ field, amount }]));
  const judged = amounts.map(({ field, amount }) => {
    const value = counted.has(field) ? quantityAmount(amount) : amount;
    const result = limitFields[field as LimitField].safeParse(value);
    return { field, value, message: result.success ? undefined : (result.error.issues[0]?.message ?? "") };
  });
  const known = new Set(Object.values(resources).flat());
  const others = whole.flatMap(({ name, hard }) => {
    return Object.keys(hard)
      .filter((resource) => !known.has(resource))
      .map(
        (resource) => `${resource} of the ResourceQuota ${name} has no field of its own in a file: limits.size decides`,
      );
  });
  return {
    fields: Object.fromEntries(
      judged.flatMap(({ field, value, message }) => (message === undefined ? [[field, value]] : [])),
    ),
    leftOut: [
      ...judged.flatMap(({ field, value, message }) =>
        message === undefined ? [] : [`limits.${field} ${value} is left out: it ${message}`],
      ),
      ...others,
      ...read
        .filter(isScoped)
        .map(({ name }) => `the ResourceQuota ${name} has scopes, which a file cannot have: it stays as it is`),
    ],
  };
}

function smallest(quotas: readonly { readonly hard: Readonly<Record<string, string>> }[], names: readonly string[]) {
  const found = quotas.flatMap(({ hard }) => names.flatMap((name) => hard[name] ?? []));
  return found.toSorted((a, b) => quantityAmount(a) - quantityAmount(b))[0];
}
