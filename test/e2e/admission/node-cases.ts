import type { Case, Place } from "./cases.js";
import { deploymentOf, everyPodKind, onePod, podOf } from "./pod-kinds.js";

/** Policy fleet-nodes. */
export function nodeCases(place: Place): Case[] {
  const byName = /the scheduler must choose the node of a pod: remove nodeName/;
  const refused =
    /pods must not run on the control plane, or on nodes that are being removed: set the key of every toleration/;
  const tolerating = (...tolerations: readonly object[]) => podOf({}, { tolerations });
  const exists = (key: string) => tolerating({ key, operator: "Exists" });
  return [
    ...everyPodKind(place, podOf({}, { nodeName: "control-plane-0" })).map(([kind, object]) => ({
      title: `${kind} on a node by its name`,
      object,
      refused: byName,
    })),
    {
      title: "a pod on a node by its name",
      object: onePod(place, podOf({}, { nodeName: "control-plane-0" })),
      refused: byName,
    },
    ...everyPodKind(place, tolerating({ operator: "Exists" })).map(([kind, object]) => ({
      title: `${kind} on every node`,
      object,
      refused,
    })),
    { title: "a pod on every node", object: onePod(place, tolerating({ operator: "Exists" })), refused },
    {
      title: "a pod on every node, among nodes of its own",
      object: onePod(
        place,
        tolerating({ key: "shop", operator: "Exists" }, { operator: "Exists", effect: "NoExecute" }),
      ),
      refused,
    },
    ...[
      "node-role.kubernetes.io/control-plane",
      "node-role.kubernetes.io/master",
      "node.kubernetes.io/unschedulable",
      "node.kubernetes.io/out-of-service",
      "node.kubernetes.io/disk-pressure",
      "node.cloudprovider.kubernetes.io/uninitialized",
      "karpenter.sh/disrupted",
      "ToBeDeletedByClusterAutoscaler",
    ].map((key) => ({ title: `a Deployment on nodes with ${key}`, object: deploymentOf(place, exists(key)), refused })),
    {
      title: "a pod on nodes of a value of the control plane's",
      object: onePod(place, tolerating({ key: "node-role.kubernetes.io/etcd", operator: "Equal", value: "true" })),
      refused,
    },
    ...everyPodKind(place, exists("shop")).map(([kind, object]) => ({ title: `${kind} on nodes kept for it`, object })),
    ...["kubernetes.azure.com/scalesetpriority", "kubernetes.io/arch"].map((key) => ({
      title: `a Deployment on nodes with ${key}`,
      object: deploymentOf(place, exists(key)),
    })),
    ...["not-ready", "unreachable", "memory-pressure"].map((key) => ({
      title: `a pod that tolerates ${key}`,
      object: onePod(place, exists(`node.kubernetes.io/${key}`)),
    })),
    {
      title: "a Deployment that leaves a lost node soon",
      object: deploymentOf(
        place,
        tolerating({
          key: "node.kubernetes.io/unreachable",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 30,
        }),
      ),
    },
    { title: "a pod without tolerations", object: onePod(place, podOf({})) },
  ];
}
