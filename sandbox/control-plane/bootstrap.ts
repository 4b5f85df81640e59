import {
  CoreV1Api,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { KeepAliveConfig } from "./keep-alive-config.js";
import { kubeletClientUser, nodeName } from "./node.js";

/** The user that kwok's certificate names. */
const kwokUser = "fleet:kwok";

/** The default class of claims, which every ordinary cluster has. Nothing provides its volumes. */
const defaultStorageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "kubernetes.io/no-provisioner",
  volumeBindingMode: "WaitForFirstConsumer",
};

/**
 * The Node object that a node would create when it joins, the rights of the programs that replace the kubelet, and the
 * default storage class.
 *
 * kwok is no member of `system:nodes`: it lists the pods of all namespaces, which the node authorizer would refuse.
 */
export function bootstrapObjects(): KubernetesObject[] {
  return [
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: nodeName,
        labels: {
          "kubernetes.io/hostname": nodeName,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
        },
      },
    },
    defaultStorageClass,
    clusterRole("fleet:kwok", [
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/status", "pods/status"], verbs: ["patch", "update"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "delete"] },
      { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update"] },
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        verbs: ["get", "list", "watch", "create", "update", "patch"],
      },
    ]),
    clusterRoleBinding("fleet:kwok", "fleet:kwok", kwokUser),
    clusterRoleBinding("fleet:apiserver-kubelet-client", "system:kubelet-api-admin", kubeletClientUser),
  ] as KubernetesObject[];
}

/** Creates or updates the bootstrap objects. */
export async function bootstrap(config: KubeConfig): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const object of bootstrapObjects()) {
    await api.patch(object, undefined, undefined, "fleet-sandbox", true, PatchStrategy.ServerSideApply);
  }
}

/** Whether the controllers have begun their work and the node can take pods. */
export async function clusterIsReady(config: KubeConfig): Promise<boolean> {
  const api = config.makeApiClient(CoreV1Api);
  const [accounts, node] = await Promise.all([
    api.listServiceAccountForAllNamespaces({ fieldSelector: "metadata.name=default" }),
    api.readNode({ name: nodeName }),
  ]);
  const namespaces = new Set(accounts.items.map((account) => account.metadata?.namespace));
  const nodeReady = node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  // The taint that a new node starts with is taken away a moment after the node is Ready.
  const schedulable = (node.spec?.taints ?? []).length === 0;
  return namespaces.has("default") && namespaces.has("kube-system") && nodeReady && schedulable;
}

/** A client configuration read from a kubeconfig file. */
export function loadKubeconfig(path: string): KubeConfig {
  const config = new KeepAliveConfig();
  config.loadFromFile(path);
  return config;
}

function clusterRole(name: string, rules: readonly object[]): object {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
}

function clusterRoleBinding(name: string, role: string, user: string): object {
  const apiGroup = "rbac.authorization.k8s.io";
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup, kind: "ClusterRole", name: role },
    subjects: [{ apiGroup, kind: "User", name: user }],
  };
}
