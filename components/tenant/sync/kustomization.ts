import type * as pulumi from "@pulumi/pulumi";
import type { SyncPart } from "../../../config/tenant/parts.js";
import { reconciler } from "../../../policies/rbac/reconciler.js";

/**
 * A tenant's Kustomization.
 *
 * It impersonates the tenant's service account, so that RBAC applies. It puts every namespaced object into the tenant's
 * namespace. With `wait` it is Ready when the workloads run. Flux ignores health checks beside `wait`.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#wait
 */
export function tenantKustomization(args: {
  readonly part: SyncPart;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: pulumi.Input<string>;
}) {
  const { part, labels, namespace } = args;
  const { sync } = part;
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: part.name, namespace, labels },
    spec: {
      sourceRef: { kind: "GitRepository", name: part.source },
      path: sync.path,
      serviceAccountName: reconciler,
      targetNamespace: namespace,
      prune: true,
      deletionPolicy: sync.deletionPolicy,
      interval: sync.interval,
      retryInterval: sync.retryInterval,
      timeout: sync.timeout,
      suspend: sync.suspend,
      ...health(part),
      ...(sync.dependsOn.length === 0 ? {} : { dependsOn: sync.dependsOn.map((name) => ({ name })) }),
      ...postBuild(part),
      ...(sync.decryption === undefined
        ? {}
        : { decryption: { provider: "sops", secretRef: { name: sync.decryption.secret } } }),
    },
  };
}

function health({ namespace, sync: { healthChecks } }: SyncPart) {
  if (healthChecks.length === 0) return { wait: true };
  return { wait: false, healthChecks: healthChecks.map((check) => ({ ...check, namespace })) };
}

function postBuild({ sync: { substitute, substituteFrom } }: SyncPart) {
  if (Object.keys(substitute).length === 0 && substituteFrom.length === 0) return {};
  return {
    postBuild: {
      ...(Object.keys(substitute).length === 0 ? {} : { substitute: { ...substitute } }),
      ...(substituteFrom.length === 0
        ? {}
        : {
            substituteFrom: substituteFrom.map(({ kind, name, optional = false }) => ({ kind, name, optional })),
          }),
    },
  };
}
