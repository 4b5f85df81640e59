import { deployment, everyWorkload, pod, podSpec } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

const tolerating = (...tolerations: readonly object[]) => podSpec({}, { tolerations });
const exists = (key: string) => tolerating({ key, operator: "Exists" });
const everyTaint = tolerating({ operator: "Exists" });
const byName = podSpec({}, { nodeName: "control-plane-0" });

/** Taints that the stack lists in {@link nodeCases}. */
export const listedTaints = ["shop", "kubernetes.azure.com/scalesetpriority=spot"];

/** Policy fleet-nodes, where the stack lists {@link listedTaints}. */
export function nodeCases(place: Place): Case[] {
  const lost = (effect?: string) => (state: string) =>
    pod(place, tolerating({ key: `node.kubernetes.io/${state}`, operator: "Exists", ...(effect && { effect }) }));
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
        ...each(["not-ready", "unreachable"], (state) => [`a pod on nodes that are ${state}`, lost()(state)]),
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
    ...allowed({
      ...everyWorkload(place, "on nodes kept for it", exists("shop")),
      "a pod on nodes of the listed value": pod(
        place,
        tolerating({ key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" }),
      ),
      ...each(["not-ready", "unreachable"], (state) => [`a pod that tolerates ${state}`, lost("NoExecute")(state)]),
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
