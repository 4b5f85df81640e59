import { deployment, everyWorkload, pod, podSpec } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

const tolerating = (...tolerations: readonly object[]) => podSpec({}, { tolerations });
const exists = (key: string) => tolerating({ key, operator: "Exists" });
const everyTaint = tolerating({ operator: "Exists" });
const byName = podSpec({}, { nodeName: "control-plane-0" });

/** Policy fleet-nodes. */
export function nodeCases(place: Place): Case[] {
  return [
    ...refused(/the scheduler must choose the node of a pod: remove nodeName/, {
      ...everyWorkload(place, "on a node by its name", byName),
      "a pod on a node by its name": pod(place, byName),
    }),
    ...refused(
      /pods must not run on the control plane, or on nodes that are being removed: set the key of every toleration/,
      {
        ...everyWorkload(place, "on every node", everyTaint),
        "a pod on every node": pod(place, everyTaint),
        "a pod on every node, among nodes of its own": pod(
          place,
          tolerating({ key: "shop", operator: "Exists" }, { operator: "Exists", effect: "NoExecute" }),
        ),
        ...each(reservedTaints, (key) => [`a Deployment on nodes with ${key}`, deployment(place, exists(key))]),
        "a pod on nodes of a value of the control plane's": pod(
          place,
          tolerating({ key: "node-role.kubernetes.io/etcd", operator: "Equal", value: "true" }),
        ),
      },
    ),
    ...allowed({
      ...everyWorkload(place, "on nodes kept for it", exists("shop")),
      ...each(["kubernetes.azure.com/scalesetpriority", "kubernetes.io/arch"], (key) => [
        `a Deployment on nodes with ${key}`,
        deployment(place, exists(key)),
      ]),
      ...each(["not-ready", "unreachable", "memory-pressure"], (key) => [
        `a pod that tolerates ${key}`,
        pod(place, exists(`node.kubernetes.io/${key}`)),
      ]),
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

/** Taints of the control plane, and of nodes that are being removed. */
const reservedTaints = [
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/unschedulable",
  "node.kubernetes.io/out-of-service",
  "node.kubernetes.io/disk-pressure",
  "node.cloudprovider.kubernetes.io/uninitialized",
  "karpenter.sh/disrupted",
  "ToBeDeletedByClusterAutoscaler",
];
