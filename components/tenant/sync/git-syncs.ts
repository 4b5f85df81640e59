import type * as pulumi from "@pulumi/pulumi";
import type { SyncPart } from "../../../config/tenant/parts.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { reconciler } from "../../../policies/rbac/reconciler.js";
import { fluxObject, gitSecret, gitSource } from "../../flux/flux-object.js";
import { resourcesBehind, secretNameOf } from "../../github/git-credential.js";
import {
  inNamespace,
  metadataOf,
  mustGet,
  namespaceOf,
  type RegisteredParts,
  repositoryOf,
} from "../registered-parts.js";

/** A registered sync, or another registered object of Flux's kinds. */
export interface RegisteredSync {
  /** Name of its namespace. */
  readonly namespace: string;
  readonly sync: pulumi.Resource;
}

/**
 * Registers a tenant's syncs: a Secret for each repository in each namespace, a GitRepository for each Git reference that is
 * synced there, and a Kustomization for each sync.
 */
export function gitSyncs(parts: RegisteredParts, parent: pulumi.Resource): RegisteredSync[] {
  const { hostKeys, resources } = parts;
  const secrets = resources.credentials.map(({ resourceName, name, namespace, repository }) => {
    const { credential, repository: fetched } = repositoryOf(parts, repository);
    const metadata = metadataOf(parts, secretNameOf(name, credential), namespace);
    const args = { metadata, credential, cloneUrl: fetched.cloneUrl, hostKeys };
    return [
      `${namespace}/${name}`,
      gitSecret(`${resourceName}-git`, args, inNamespace(parts, parent, namespace)),
    ] as const;
  });
  const secretOf = new Map(secrets);
  const sources = resources.sources.map(({ resourceName, name, namespace, repository, ...source }) => {
    const { credential, repository: fetched } = repositoryOf(parts, repository);
    const secretName = secretNameOf(source.secretName, credential);
    const args = { ...source, secretName, metadata: metadataOf(parts, name, namespace), url: fetched.cloneUrl };
    const dependsOn = [mustGet(secretOf, `${namespace}/${source.secretName}`), ...resourcesBehind(credential)];
    return [`${namespace}/${name}`, gitSource(`${resourceName}-source`, args, { parent, dependsOn })] as const;
  });
  const sourceOf = new Map(sources);
  return resources.syncs.map((part) => {
    const { resourceName, name, namespace, source } = part;
    const metadata = metadataOf(parts, name, namespace);
    const { dependencies } = namespaceOf(parts, namespace);
    const spec = kustomizationSpec(part);
    const dependsOn = [mustGet(sourceOf, `${namespace}/${source}`), ...dependencies];
    const sync = fluxObject(`${resourceName}-sync`, "Kustomization", { metadata, spec }, { parent, dependsOn });
    return { namespace, sync };
  });
}

/**
 * The spec of a tenant's Kustomization. It impersonates the tenant's service account, so that RBAC applies. It puts
 * every namespaced object into the tenant's namespace. With `wait` it is Ready when the workloads run. Flux ignores
 * health checks beside `wait`.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#wait
 */
export function kustomizationSpec({ source, sync, namespace }: SyncPart) {
  const { substitute, substituteFrom, decryption } = sync;
  const healthChecks = sync.healthChecks.map((check) => ({ ...check, namespace }));
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

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
