import type { FleetSpec } from "../config/fleet-spec.js";
import { CONTAINER_DEFAULTS } from "../config/tenant/limits/sizes.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { type PolicyRule, tenantRules } from "./rbac/reconciler.js";

type Limits = TenantSpec["limits"];

/** Finished pods that count for each that may run: Jobs keep them, and each is an object in etcd. */
const finishedPods = 4;

/** The most old revisions that a workload may keep for rollbacks: Kubernetes' own default. */
export const REVISION_HISTORY_LIMIT = 10;

/** All revisions of a workload: the old ones, the current one, and the next one. */
const revisions = REVISION_HISTORY_LIMIT + 2;

/**
 * Counts of kinds that Kubernetes creates for each change of a workload, and that tenants can only read.
 *
 * A workload's `revisionHistoryLimit` does not bound them: until a rollout completes, the Deployment controller does
 * not clean up old revisions at all.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
 */
const revisionCounts: ReadonlyMap<string, (limits: Limits) => number> = new Map([
  ["count/replicasets.apps", ({ objects }) => objects * revisions],
  // Of StatefulSets and of DaemonSets.
  ["count/controllerrevisions.apps", ({ objects }) => 2 * objects * revisions],
]);

/** Counts of kinds with a limit of their own in the tenant file, named as in the quota. */
const countLimits: ReadonlyMap<string, (limits: Limits) => number> = new Map([
  ["count/pods", ({ pods }) => pods * finishedPods],
  ["count/configmaps", ({ configMaps }) => configMaps],
  ["count/secrets", ({ secrets }) => secrets],
  ["count/services", ({ services }) => services],
  ["count/persistentvolumeclaims", ({ persistentVolumeClaims }) => persistentVolumeClaims],
  ["count/jobs.batch", ({ jobs }) => jobs],
  ["count/cronjobs.batch", ({ jobs }) => jobs],
]);

/** The settings of a stack that its tenants' quotas depend on. */
export type StackLimits = Pick<FleetSpec["admission"], "serviceExposure" | "extendedResources">;

/**
 * The hard limits of a tenant's namespace: of its workloads, of every kind of Kubernetes that its role may create, and
 * of the objects that Kubernetes creates for these.
 *
 * Requests and limits have the same hard limit, because a quota on requests alone would let a pod without limits use
 * the whole node.
 *
 * A NodePort opens a port on every node, and a LoadBalancer costs money and a public address. There are none unless the
 * stack allows them, and then as many as Services. Kubernetes counts node ports, and not Services with node ports. A
 * LoadBalancer uses one for each of its own ports, unless it has `allocateLoadBalancerNodePorts: false`.
 *
 * @param additionalRules rules that the tenant has beside those of every tenant @default none
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/quota/v1/evaluator/core/services.go
 */
export function quotaHard(
  limits: Limits,
  { serviceExposure, extendedResources }: StackLimits,
  additionalRules: readonly PolicyRule[] = [],
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
    ...counts(limits, [...tenantRules, ...additionalRules], (name) => !isFlux(name)),
    ...Object.fromEntries([...revisionCounts].map(([name, amount]) => [name, String(amount(limits))])),
  };
}

/**
 * The hard limits of Flux's own kinds, whose controllers all tenants share.
 *
 * They are a quota of their own, created after the tenant's sync. The quota controller discovers a new kind only after
 * half a minute or more, and until then admission refuses objects of that kind. In the first `up` of a cluster that
 * would be the tenant's sync itself.
 */
export function fluxQuotaHard(limits: Limits): Record<string, string> {
  return counts(limits, tenantRules, isFlux);
}

/**
 * The defaults and the maximum of each container and volume claim.
 *
 * The maximum of a container is the whole quota. A larger container could never start; this way its author gets an
 * error at once.
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

/** Derives the kinds from the role, so that a new rule of the role is counted too. */
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
  return countLimits.get(name)?.(limits) ?? (isFlux(name) ? limits.fluxObjects : limits.objects);
}

function isFlux(name: string): boolean {
  return name.endsWith(".fluxcd.io");
}
