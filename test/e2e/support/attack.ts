import { CoreV1Api } from "@kubernetes/client-node";
import type { TestEnvironment } from "./sandbox.js";
import type { Manifest, Tenant } from "./tenant.js";
import { waitFor } from "./wait-for.js";
import { signOfLife } from "./workloads.js";

/** A binding that would make the tenant's own account administrator of the cluster. */
export function clusterAdminFor(name: string, namespace: string): Manifest {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: "reconciler", namespace }],
  };
}

/** A sync that a tenant makes within its own. @param spec in place of, or beside, what every one has */
export function nestedSync(name: string, spec: Readonly<Record<string, unknown>>): Manifest {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name },
    spec: { interval: "1m", retryInterval: "5s", prune: true, ...spec },
  };
}

/** A tenant pushes a ConfigMap with a value of its own, and it arrives: its sync works. @returns the value */
export async function keepsSyncing(tenant: Tenant, { kubernetes }: TestEnvironment): Promise<string> {
  const commit = await tenant.clone.git("rev-parse", "HEAD");
  const value = `after ${commit}`;
  await tenant.applied(await tenant.push(signOfLife(value)));
  const { namespace } = tenant;
  await waitFor(
    async () => {
      const { data } = await kubernetes.client(CoreV1Api).readNamespacedConfigMap({ namespace, name: "sign-of-life" });
      return data?.value === value;
    },
    { describe: () => `what ${tenant.name} pushed is in its namespace` },
  );
  return value;
}
