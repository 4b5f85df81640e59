import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { gitSecretArgs } from "../../flux/git-secret.js";
import { gitSource } from "../../flux/git-source.js";
import { labelsOf, mustGet, type RegisteredParts } from "../registered-parts.js";
import { tenantKustomization } from "./kustomization.js";

/** A registered sync, or another registered object of Flux's kinds. */
export interface RegisteredSync {
  /** Name of its namespace. */
  readonly namespace: string;
  readonly sync: pulumi.Resource;
}

/** Registered resources by `NAMESPACE/NAME`. */
type Registered = ReadonlyMap<string, pulumi.Resource>;

/**
 * Registers a tenant's syncs: a Secret for each key in each namespace, a GitRepository for each Git reference that is
 * synced there, and a Kustomization for each sync.
 */
export function gitSyncs(
  parts: RegisteredParts,
  { parent }: { readonly parent: pulumi.Resource },
): readonly RegisteredSync[] {
  const secrets = gitSecrets(parts, parent);
  const sources = gitSources(parts, secrets, parent);
  return parts.resources.syncs.map((part) => {
    const { namespace, dependencies } = mustGet(parts.namespaces, part.namespace);
    const sync = new k8s.apiextensions.CustomResource(
      `${part.resourceName}-sync`,
      tenantKustomization({ part, labels: labelsOf(parts), namespace }),
      { parent, dependsOn: [mustGet(sources, `${part.namespace}/${part.source}`), ...dependencies] },
    );
    return { namespace: part.namespace, sync };
  });
}

function gitSecrets(parts: RegisteredParts, parent: pulumi.Resource): Registered {
  return new Map(
    parts.resources.credentials.map(({ resourceName, name, namespace, repository }) => {
      const { key, cloneUrl } = mustGet(parts.repositories, repository);
      const metadata = { name, namespace: mustGet(parts.namespaces, namespace).namespace, labels: labelsOf(parts) };
      const secret = new k8s.core.v1.Secret(
        `${resourceName}-git`,
        gitSecretArgs({ metadata, key, cloneUrl, hostKeys: parts.hostKeys }),
        { parent },
      );
      return [`${namespace}/${name}`, secret];
    }),
  );
}

function gitSources(parts: RegisteredParts, secrets: Registered, parent: pulumi.Resource): Registered {
  return new Map(
    parts.resources.sources.map(({ resourceName, repository, namespace, ...part }) => {
      const { key, cloneUrl: url } = mustGet(parts.repositories, repository);
      const { namespace: name } = mustGet(parts.namespaces, namespace);
      const source = new k8s.apiextensions.CustomResource(
        `${resourceName}-source`,
        gitSource({ ...part, namespace: name, labels: labelsOf(parts), url }),
        { parent, dependsOn: [mustGet(secrets, `${namespace}/${part.secretName}`), key] },
      );
      return [`${namespace}/${part.name}`, source];
    }),
  );
}
