import type * as pulumi from "@pulumi/pulumi";
import type { SyncPart } from "../../../config/tenant/parts.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { reconciler } from "../../../policies/rbac/reconciler.js";

/**
 * The spec of a tenant's Kustomization. It impersonates the tenant's service account, so that RBAC applies. It puts
 * every namespaced object into the tenant's namespace. With `wait` it is Ready when the workloads run. Flux ignores
 * health checks beside `wait`.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#wait
 */
export function kustomizationSpec({ source, sync, ...part }: SyncPart, namespace: pulumi.Input<string>) {
  const { substitute, substituteFrom, decryption } = sync;
  const healthChecks = sync.healthChecks.map((check) => ({ ...check, namespace: part.namespace }));
  return {
    sourceRef: { kind: "GitRepository", name: source },
    path: sync.path,
    serviceAccountName: reconciler,
    targetNamespace: namespace,
    prune: true,
    deletionPolicy: sync.deletionPolicy,
    interval: sync.interval,
    retryInterval: sync.retryInterval,
    timeout: sync.timeout,
    suspend: sync.suspend,
    ...(healthChecks.length === 0 ? { wait: true } : { wait: false, healthChecks }),
    ...definedOnly({
      dependsOn: nonEmpty(sync.dependsOn.map((name) => ({ name }))),
      postBuild: nonEmpty(
        definedOnly({
          substitute: nonEmpty(substitute),
          substituteFrom: nonEmpty(substituteFrom.map((from) => ({ ...from, optional: from.optional ?? false }))),
        }),
      ),
      decryption: decryption && { provider: "sops", secretRef: { name: decryption.secret } },
    }),
  };
}

/** A list or map, which is left out of a spec when it is empty. */
function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
