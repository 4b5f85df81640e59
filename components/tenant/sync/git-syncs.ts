import type * as pulumi from "@pulumi/pulumi";
import { type SyncPart, verifySecretName } from "../../../config/tenant/parts.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { PRUNE_OFF_UNTIL_ANNOTATION, SUSPENDED_UNTIL_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { shardingLabels } from "../../../lib/kubernetes/shards.js";
import { reconciler } from "../../../policies/rbac/reconciler.js";
import { fluxObject, gitSecret, gitSource, verifySecret } from "../../flux/flux-object.js";
import { withKeyDate } from "../../flux/key-date.js";
import { resourcesBehind, secretNameOf } from "../../github/git-credential.js";
import { freezeAnnotations, frozenMetadata } from "../freeze.js";
import {
  inNamespace,
  metadataOf,
  mustGet,
  namespaceOf,
  type RegisteredParts,
  repositoryOf,
  shardedMetadataOf,
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
  const sources = resources.sources.map(
    ({ resourceName, name, namespace, repository, verify: declared, freeze, ...source }) => {
      const { credential, repository: fetched } = repositoryOf(parts, repository);
      const secretName = secretNameOf(source.secretName, credential);
      const verify = declared && { mode: declared.mode, secretName: verifySecretName(name) };
      const key = { source: `${namespace}/${name}`, credential, keyDates: parts.keyDates };
      const metadata = withKeyDate(frozenMetadata(shardedMetadataOf(parts, name, namespace), freeze), key);
      const args = { ...source, secretName, metadata, url: fetched.cloneUrl, ...definedOnly({ verify }) };
      const dependsOn = [mustGet(secretOf, `${namespace}/${source.secretName}`), ...resourcesBehind(credential)];
      if (declared) {
        const ofKeys = metadataOf(parts, verifySecretName(name), namespace);
        const opts = inNamespace(parts, parent, namespace);
        dependsOn.push(verifySecret(`${resourceName}-verify`, ofKeys, declared, opts));
      }
      return [`${namespace}/${name}`, gitSource(`${resourceName}-source`, args, { parent, dependsOn })] as const;
    },
  );
  const sourceOf = new Map(sources);
  return resources.syncs.map((part) => {
    const { resourceName, name, namespace, source } = part;
    const annotations = exceptionAnnotations(part.sync);
    const metadata = { ...shardedMetadataOf(parts, name, namespace), ...definedOnly({ annotations }) };
    const { dependencies } = namespaceOf(parts, namespace);
    const spec = kustomizationSpec(part, parts.tenant.shard);
    const dependsOn = [mustGet(sourceOf, `${namespace}/${source}`), ...dependencies];
    const sync = fluxObject(`${resourceName}-sync`, "Kustomization", { metadata, spec }, { parent, dependsOn });
    return { namespace, sync };
  });
}

/**
 * The spec of a tenant's Kustomization. It impersonates the tenant's service account, so that RBAC applies. It puts
 * every namespaced object into the tenant's namespace. With `wait` it is Ready when the workloads run. Flux ignores
 * health checks beside `wait`.
 * @param shard of the tenant @default - none
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#wait
 */
export function kustomizationSpec({ source, sync, namespace }: SyncPart, shard?: string) {
  const { substitute, substituteFrom, decryption } = sync;
  const healthChecks = sync.healthChecks.map((check) => ({ ...check, namespace }));
  return {
    sourceRef: { kind: "GitRepository", name: source },
    path: sync.path,
    serviceAccountName: reconciler,
    targetNamespace: namespace,
    prune: sync.prune,
    deletionPolicy: sync.deletionPolicy,
    interval: sync.interval,
    retryInterval: sync.retryInterval,
    timeout: sync.timeout,
    suspend: sync.suspend,
    ...(sync.force && { force: true }),
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
    ...(shard !== undefined && inShard(shard)),
  };
}

/** The last days of a sync's exceptions, which reviewers and operators read on the object. Undefined without any. */
export function exceptionAnnotations({ pruneOffUntil, suspendUntil, freeze }: SyncPart["sync"]) {
  return nonEmpty(
    definedOnly({
      [PRUNE_OFF_UNTIL_ANNOTATION]: pruneOffUntil,
      [SUSPENDED_UNTIL_ANNOTATION]: suspendUntil,
      ...(freeze && freezeAnnotations(freeze)),
    }),
  );
}

/**
 * The fields by which everything that a sync applies carries the label of its shard, without a word in the tenant's
 * files: its own objects, and those of the Kustomizations among them.
 *
 * A HelmRelease is left to its team. The labels of its HelmChart are below `spec.chart`: a patch would also give a chart
 * to a release with `chartRef`. Common metadata would upgrade every release when its tenant moves to a shard.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#common-metadata
 */
function inShard(shard: string) {
  const commonMetadata = { labels: shardingLabels(shard) };
  const target = { group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization" };
  // The target selects the objects; kustomize wants a name nevertheless.
  const selected = { apiVersion: `${target.group}/v1`, kind: target.kind, metadata: { name: "every" } };
  return { commonMetadata, patches: [{ target, patch: JSON.stringify({ ...selected, spec: { commonMetadata } }) }] };
}

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
