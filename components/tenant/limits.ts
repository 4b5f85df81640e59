import type { TenantSpec } from "../../stacks/schema.js";
import { CONTAINER_DEFAULTS } from "../../stacks/sizes.js";
import { type PolicyRule, tenantRules } from "./identity.js";

type Limits = TenantSpec["limits"];

/** Pods that count once they are finished, for each that may run: Jobs keep them, and each is an object in etcd. */
const finishedPods = 4;

/** Kinds that a limit of their own counts, as the quota names them. */
const ownLimits: ReadonlyMap<string, (limits: Limits) => number> = new Map([
  ["count/pods", ({ pods }) => pods * finishedPods],
  ["count/configmaps", ({ configMaps }) => configMaps],
  ["count/secrets", ({ secrets }) => secrets],
  ["count/services", ({ services }) => services],
  ["count/persistentvolumeclaims", ({ persistentVolumeClaims }) => persistentVolumeClaims],
  ["count/jobs.batch", ({ jobs }) => jobs],
  ["count/cronjobs.batch", ({ jobs }) => jobs],
]);

/**
 * Hard limits of what runs in a tenant's namespace, and of every kind of Kubernetes that its role may create.
 *
 * Requests and limits are capped alike: a quota on requests alone would let a pod without limits take the whole node.
 * A NodePort opens a port on every node, and a LoadBalancer costs money and a public address: neither is a tenant's.
 *
 * @param more rules that the tenant has beside those of every tenant @default none
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function quotaHard(limits: Limits, more: readonly PolicyRule[] = []): Record<string, string> {
  return {
    "requests.cpu": limits.cpu,
    "limits.cpu": limits.cpu,
    "requests.memory": limits.memory,
    "limits.memory": limits.memory,
    "requests.storage": limits.storage,
    pods: String(limits.pods),
    "services.nodeports": "0",
    "services.loadbalancers": "0",
    ...counts(limits, [...tenantRules, ...more], (name) => !isFlux(name)),
  };
}

/**
 * Hard limits of Flux's own kinds: the controllers that work on them are shared by all tenants.
 *
 * They are a quota of their own, made after the tenant's sync. Until the quota controller has found a new kind, which
 * takes it half a minute or more, it cannot count it, and admission refuses what cannot be counted. In the first `up` of
 * a cluster that would be the tenant's sync itself.
 */
export function fluxQuotaHard(limits: Limits): Record<string, string> {
  return counts(limits, tenantRules, isFlux);
}

/**
 * What each container and volume claim gets and may have.
 *
 * The largest container is the whole quota: what is larger could never start, and its author reads so at once.
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export function limitRanges({ cpu, memory, storage }: Limits) {
  return [
    {
      type: "Container",
      defaultRequest: CONTAINER_DEFAULTS.requests,
      default: CONTAINER_DEFAULTS.limits,
      max: { cpu, memory },
    },
    { type: "PersistentVolumeClaim", max: { storage } },
  ];
}

/** Kinds are taken from the role, so that none is forgotten when the role grows. */
function counts(
  limits: Limits,
  rules: readonly PolicyRule[],
  include: (name: string) => boolean,
): Record<string, string> {
  const creatable = rules.filter(({ verbs }) => verbs.includes("create"));
  const names = creatable.flatMap(({ apiGroups, resources }) =>
    apiGroups.flatMap((group) =>
      resources
        .filter((resource) => !resource.includes("/"))
        .map((resource) => `count/${resource}${group === "" ? "" : `.${group}`}`),
    ),
  );
  return Object.fromEntries(names.filter(include).map((name) => [name, String(countOf(name, limits))]));
}

function countOf(name: string, limits: Limits): number {
  return ownLimits.get(name)?.(limits) ?? (isFlux(name) ? limits.fluxObjects : limits.objects);
}

function isFlux(name: string): boolean {
  return name.endsWith(".fluxcd.io");
}
