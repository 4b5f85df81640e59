import type { FleetSpec } from "../config/fleet-spec.js";
import { CONTAINER_DEFAULTS } from "../config/tenant/limits/sizes.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { type PolicyRule, tenantRules } from "./rbac/reconciler.js";

type Limits = TenantSpec["namespaces"][number]["limits"];

/** Pods that count once they are finished, for each that may run: Jobs keep them, and each is an object in etcd. */
const finishedPods = 4;

/** Old revisions that a workload keeps at the most, to be rolled back to: Kubernetes' own default. */
export const OLD_REVISIONS = 10;

/** Revisions of a workload at once: the old ones, what runs, and what is to take its place. */
const revisions = OLD_REVISIONS + 2;

/**
 * Kinds that tenants only read: Kubernetes makes one of them for each change of a workload.
 *
 * How many old ones a workload wants to keep is no bound: while a rollout does not come to its end, its Deployment's are
 * not cleaned up at all.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
 */
const madeOfWorkloads: ReadonlyMap<string, (limits: Limits) => number> = new Map([
  ["count/replicasets.apps", ({ objects }) => objects * revisions],
  // Of StatefulSets and of DaemonSets.
  ["count/controllerrevisions.apps", ({ objects }) => 2 * objects * revisions],
]);

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

/** What a stack lets all of its tenants have, and quotas must know. */
export type StackBounds = Pick<FleetSpec["admission"], "serviceExposure" | "extendedResources">;

/**
 * Hard limits of what runs in a tenant's namespace, of every kind of Kubernetes that its role may create, and of what
 * Kubernetes makes of these.
 *
 * Requests and limits are capped alike: a quota on requests alone would let a pod without limits take the whole node.
 *
 * A NodePort opens a port on every node, and a LoadBalancer costs money and a public address: there are none unless the
 * stack says so, and then as many as Services. Kubernetes counts ports of nodes, not Services with some, and a
 * LoadBalancer takes one for each of its own ports, unless it says `allocateLoadBalancerNodePorts: false`.
 *
 * @param more rules that the tenant has beside those of every tenant @default none
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/quota/v1/evaluator/core/services.go
 */
export function quotaHard(
  limits: Limits,
  { serviceExposure, extendedResources }: StackBounds,
  more: readonly PolicyRule[] = [],
): Record<string, string> {
  const balanced = serviceExposure.includes("LoadBalancer");
  const services = String(limits.services);
  return {
    "requests.cpu": limits.cpu,
    "limits.cpu": limits.cpu,
    "requests.memory": limits.memory,
    "limits.memory": limits.memory,
    "requests.ephemeral-storage": limits.ephemeralStorage,
    "limits.ephemeral-storage": limits.ephemeralStorage,
    "requests.storage": limits.storage,
    ...Object.fromEntries(Object.entries(extendedResources).map(([name, most]) => [`requests.${name}`, most])),
    pods: String(limits.pods),
    "services.nodeports": balanced || serviceExposure.includes("NodePort") ? services : "0",
    "services.loadbalancers": balanced ? services : "0",
    ...counts(limits, [...tenantRules, ...more], (name) => !isFlux(name)),
    ...Object.fromEntries([...madeOfWorkloads].map(([name, amount]) => [name, String(amount(limits))])),
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
export function limitRanges({ cpu, memory, ephemeralStorage, storage }: Limits) {
  return [
    {
      type: "Container",
      defaultRequest: CONTAINER_DEFAULTS.requests,
      default: CONTAINER_DEFAULTS.limits,
      max: { cpu, memory, "ephemeral-storage": ephemeralStorage },
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
