import type { Addon } from "../config/addons/addon.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { askedAddons } from "../config/tenant/addons/asked-addons.js";
import { CONTAINER_DEFAULTS } from "../config/tenant/limits/sizes.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { fluxNotifications, type Kinds, kinds, kustomizations } from "./kinds.js";
import { addonAmounts, addonRules } from "./rbac/addons.js";
import { type PolicyRule, tenantRules } from "./rbac/reconciler.js";

type Limits = TenantSpec["namespaces"][number]["limits"];

/** Finished pods that count for each that may run: Jobs keep them, and each is an object in etcd. */
const finishedPods = 4;
/** The most old revisions that a workload may keep for rollbacks: Kubernetes' own default. */
export const REVISION_HISTORY_LIMIT = 10;
/** All revisions of a workload: the old ones, the current one, and the next one. */
const revisions = REVISION_HISTORY_LIMIT + 2;

/**
 * Objects of each of these kinds that a quota has room for beyond the tenant's limit: they are the platform's, which
 * creates them when a tenant file asks for it. The admission policy `fleet-quota-reserve` keeps tenants out of them.
 */
export const QUOTA_RESERVE = 25;

/** Annotation of a quota with that number. Quotas of an older version have none, and no reserve. */
export const QUOTA_RESERVE_ANNOTATION = "fleet.dev/quota-reserve";

/** Annotations of quotas. */
export const quotaAnnotations = { [QUOTA_RESERVE_ANNOTATION]: String(QUOTA_RESERVE) };

/** Kinds of the platform's objects in the namespaces of every stack, as quotas count them. */
const alwaysReserved = [
  kinds("", "secrets", "services", "serviceaccounts"),
  kinds("rbac.authorization.k8s.io", "rolebindings"),
  kinds("networking.k8s.io", "networkpolicies"),
  kinds("source.toolkit.fluxcd.io", "gitrepositories", "helmrepositories", "ocirepositories"),
  kustomizations,
  fluxNotifications,
];

/** Kinds of the platform's objects in tenants' namespaces. */
export function reservedKinds(commonConfigMaps: boolean): readonly Kinds[] {
  return commonConfigMaps ? [...alwaysReserved, kinds("", "configmaps")] : alwaysReserved;
}

/** The settings of a stack that its tenants' quotas depend on. */
export interface StackLimits extends Pick<FleetSpec["admission"], "serviceExposure" | "extendedResources"> {
  /** Whether tenants' namespaces have ConfigMaps of the platform. @default false */
  readonly commonConfigMaps?: boolean;
}

/**
 * The hard limits of a tenant's namespace: of its workloads, of every kind of Kubernetes that its role may create, and
 * of the objects that Kubernetes creates for these. Requests and limits have the same hard limit, because a quota on
 * requests alone would let a pod without limits use the whole node.
 *
 * A NodePort opens a port on every node, and a LoadBalancer costs money and a public address. There are none unless the
 * stack allows them, and then as many as Services. Kubernetes counts node ports, and not Services with node ports. A
 * LoadBalancer uses one for each of its own ports, unless it has `allocateLoadBalancerNodePorts: false`.
 *
 * Kubernetes creates a ReplicaSet or ControllerRevision for each change of a workload. `revisionHistoryLimit` does not
 * bound them: until a rollout completes, old ones are not cleaned up at all. Tenants can only read them.
 * @param addons add-ons that the tenant uses @default none
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/quota/v1/evaluator/core/services.go
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
 */
export function quotaHard(
  limits: Limits,
  { serviceExposure, extendedResources, commonConfigMaps = false }: StackLimits,
  addons: readonly Addon[] = [],
): Record<string, string> {
  const { cpu, memory, ephemeralStorage, storage, objects } = limits;
  const balancers = serviceExposure.includes("LoadBalancer") ? limits.services : 0;
  const nodePorts = serviceExposure.includes("NodePort") ? limits.services : balancers;
  return {
    "requests.cpu": cpu,
    "limits.cpu": cpu,
    "requests.memory": memory,
    "limits.memory": memory,
    "requests.ephemeral-storage": ephemeralStorage,
    "limits.ephemeral-storage": ephemeralStorage,
    "requests.storage": storage,
    ...Object.fromEntries(Object.entries(extendedResources).map(([name, most]) => [`requests.${name}`, most])),
    pods: String(limits.pods),
    "services.nodeports": String(nodePorts),
    "services.loadbalancers": String(balancers),
    ...counts(limits, [...tenantRules, ...addons.flatMap(addonRules)], {
      flux: false,
      commonConfigMaps,
      amounts: addonAmounts(addons),
    }),
    "count/replicasets.apps": String(objects * revisions),
    // Of StatefulSets and of DaemonSets.
    "count/controllerrevisions.apps": String(2 * objects * revisions),
  };
}

/** {@link quotaHard} of a namespace of a tenant, by the settings of its stack. */
export function namespaceQuotaHard(
  limits: Limits,
  tenant: TenantSpec,
  spec: Pick<FleetSpec, "admission" | "common" | "platform">,
): Record<string, string> {
  const commonConfigMaps = Object.keys(spec.common.configMaps).length > 0;
  return quotaHard(limits, { ...spec.admission, commonConfigMaps }, askedAddons(tenant, spec));
}

/**
 * The hard limits of Flux's own kinds, whose controllers all tenants share. They are a quota of their own, created
 * after the tenant's sync: the quota controller discovers a new kind only after half a minute or more, and until then
 * admission refuses objects of that kind. In the first `up` of a cluster that would be the tenant's sync itself.
 */
export function fluxQuotaHard(limits: Limits): Record<string, string> {
  return counts(limits, tenantRules, { flux: true, commonConfigMaps: false, amounts: {} });
}

/**
 * The defaults and the maximum of each container and volume claim. The maximum of a container is the whole quota: a
 * larger one could never start, and this way its author gets an error at once.
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

/** Names of kinds, as quotas count them. */
function countedNames({ apiGroups, resources }: Kinds): string[] {
  return apiGroups.flatMap((group) => resources.map((resource) => `${resource}${group === "" ? "" : `.${group}`}`));
}

interface CountArgs {
  readonly flux: boolean;
  readonly commonConfigMaps: boolean;
  /** Amounts of kinds, by their names as quotas count them. */
  readonly amounts: Readonly<Record<string, number>>;
}

/** Counts of the kinds that roles may create, either Flux's or all others: so a new rule of a role is counted too. */
function counts(limits: Limits, rules: readonly PolicyRule[], { flux, commonConfigMaps, amounts }: CountArgs) {
  const reservedNames = reservedKinds(commonConfigMaps).flatMap(countedNames);
  const own: Readonly<Record<string, number>> = {
    pods: limits.pods * finishedPods,
    configmaps: limits.configMaps,
    secrets: limits.secrets,
    services: limits.services,
    persistentvolumeclaims: limits.persistentVolumeClaims,
    "jobs.batch": limits.jobs,
    "cronjobs.batch": limits.jobs,
    ...amounts,
  };
  const names = rules
    .filter(({ verbs }) => verbs.includes("create"))
    .flatMap(countedNames)
    .filter((name) => !name.includes("/") && name.endsWith(".fluxcd.io") === flux);
  const others = flux ? limits.fluxObjects : limits.objects;
  const amountOf = (name: string) => (own[name] ?? others) + (reservedNames.includes(name) ? QUOTA_RESERVE : 0);
  return Object.fromEntries(names.map((name) => [`count/${name}`, String(amountOf(name))]));
}
