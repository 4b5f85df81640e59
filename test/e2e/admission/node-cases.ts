import type { Fields } from "../../support/objects/object.js";
import { deployment, everyWorkload, pod, podSpec } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

const tolerating = (...tolerations: readonly object[]) => podSpec({}, { tolerations });
const exists = (key: string) => tolerating({ key, operator: "Exists" });
const everyTaint = tolerating({ operator: "Exists" });
const byName = podSpec({}, { nodeName: "control-plane-0" });

/** A term about other pods of every node. */
const term = (fields: Fields) => ({
  topologyKey: "kubernetes.io/os",
  labelSelector: { matchExpressions: [{ key: "pod-template-hash", operator: "NotIn", values: ["of-today"] }] },
  ...fields,
});
const everywhere = { namespaceSelector: {} };
const away = (fields: Fields) => affine({ podAntiAffinity: required(term(fields)) });
const near = (fields: Fields) => affine({ podAffinity: required(term(fields)) });
const rather = (fields: Fields) =>
  affine({
    podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(fields) }] },
  });
const required = (...terms: readonly object[]) => ({ requiredDuringSchedulingIgnoredDuringExecution: terms });
const affine = (affinity: Fields) => podSpec({}, { affinity });

/** Taints that the stack lists in {@link nodeCases}. */
export const listedTaints = ["shop", "kubernetes.azure.com/scalesetpriority=spot"];

/** Schedulers that the stack lists in {@link nodeCases}. */
export const listedSchedulers = ["yunikorn"];

const by = (schedulerName: string) => podSpec({}, { schedulerName });

/** Policy fleet-nodes, where the stack lists {@link listedTaints} and {@link listedSchedulers}. */
export function nodeCases(place: Place): Case[] {
  return [
    ...refused(/the scheduler must choose the node of a pod: remove nodeName/, {
      ...everyWorkload(place, "on a node by its name", byName),
      "a pod on a node by its name": pod(place, byName),
    }),
    ...refused(
      /pods must not run on nodes that are kept for others, are not ready or are being removed: remove tolerations, or/,
      {
        ...everyWorkload(place, "on every node", everyTaint),
        "a pod on every node": pod(place, everyTaint),
        "a pod on every node, among nodes of its own": pod(
          place,
          tolerating({ key: "shop", operator: "Exists" }, { operator: "Exists", effect: "NoExecute" }),
        ),
        ...each(reservedTaints, (key) => [`a Deployment on nodes with ${key}`, deployment(place, exists(key))]),
        ...each(["not-ready", "unreachable"], (state) => [`a pod on nodes that are ${state}`, lost(place, state)]),
        "a pod on nodes of a value of the control plane's": pod(
          place,
          tolerating({ key: "node-role.kubernetes.io/etcd", operator: "Equal", value: "true" }),
        ),
        "a pod on nodes of another value than the listed one": pod(
          place,
          tolerating({ key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "regular" }),
        ),
        "a pod on nodes of every value, of which one is listed": pod(
          place,
          exists("kubernetes.azure.com/scalesetpriority"),
        ),
        "a pod on nodes that are kept for another": pod(
          place,
          tolerating({ key: "dedicated", operator: "Equal", value: "team-b" }),
        ),
      },
    ),
    ...refused(
      /pods must be scheduled by the scheduler of the cluster.*: remove schedulerName, or set it to one of yuni/,
      {
        ...everyWorkload(place, "of a scheduler of its choice", by("fargate-scheduler")),
        "a pod of a scheduler of its choice": pod(place, by("fargate-scheduler")),
      },
    ),
    ...allowed({
      ...everyWorkload(place, "of a scheduler that the stack lists", by("yunikorn")),
      "a pod of Kubernetes' scheduler by its name": pod(place, by("default-scheduler")),
    }),
    ...affinityCases(place),
    ...allowedNodeCases(place),
  ];
}

/** A pod that tolerates the taint of a lost node. */
function lost(place: Place, state: string, effect?: string) {
  return pod(place, tolerating({ key: `node.kubernetes.io/${state}`, operator: "Exists", ...(effect && { effect }) }));
}

/** Pods on nodes that the stack lists, and on lost nodes. */
function allowedNodeCases(place: Place): Case[] {
  return [
    ...allowed({
      ...everyWorkload(place, "on nodes kept for it", exists("shop")),
      "a pod on nodes of the listed value": pod(
        place,
        tolerating({ key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" }),
      ),
      ...each(["not-ready", "unreachable"], (state) => [
        `a pod that tolerates ${state}`,
        lost(place, state, "NoExecute"),
      ]),
      "a pod that tolerates memory-pressure": pod(place, exists("node.kubernetes.io/memory-pressure")),
      "a Deployment that leaves a lost node soon": deployment(
        place,
        tolerating({
          key: "node.kubernetes.io/unreachable",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 30,
        }),
      ),
      "a pod without tolerations": pod(place),
    }),
  ];
}

/** Pods near others, and away from others. */
function affinityCases(place: Place): Case[] {
  return [
    ...refused(/affinity must be about pods of this namespace, because a pod that keeps away from others keeps/, {
      ...everyWorkload(place, "away from pods of all namespaces", away(everywhere)),
      "a pod away from pods of all namespaces": pod(place, away(everywhere)),
      "a pod away from pods of a tenant": pod(place, away({ namespaces: [place.namespace, "team-b"] })),
      "a pod near pods of a tenant": pod(place, near({ namespaces: ["team-b"] })),
      "a pod away from pods of tenants, if that is possible": pod(place, rather(everywhere)),
    }),
    ...allowed({
      ...everyWorkload(place, "whose pods keep apart", away({})),
      "a pod away from pods of its namespace by name": pod(place, away({ namespaces: [place.namespace] })),
      "a pod near pods of its namespace, if that is possible": pod(place, rather({})),
    }),
  ];
}

/** Taints of the control plane, of nodes that are not ready or are being removed, and of pools for others. */
const reservedTaints = [
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/unschedulable",
  "node.kubernetes.io/out-of-service",
  "node.kubernetes.io/disk-pressure",
  "node.kubernetes.io/network-unavailable",
  "node.cloudprovider.kubernetes.io/uninitialized",
  "node.cilium.io/agent-not-ready",
  "cni.istio.io/not-ready",
  "ebs.csi.aws.com/agent-not-ready",
  "aws-node-termination-handler/spot-itn",
  "cloud.google.com/impending-node-termination",
  "karpenter.sh/disrupted",
  "CriticalAddonsOnly",
  "DeletionCandidateOfClusterAutoscaler",
  "ToBeDeletedByClusterAutoscaler",
  "nvidia.com/gpu",
];
