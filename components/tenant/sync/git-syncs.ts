import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { TenantResources } from "../../../config/tenant/parts.js";
import { gitSecretArgs } from "../../flux/git-secret.js";
import { gitSource } from "../../flux/git-source.js";
import { mustGet, type RegisteredParts } from "../registered-parts.js";
import { tenantKustomization } from "./kustomization.js";

/** What a tenant's syncs are made from. */
export interface GitSyncsArgs extends RegisteredParts {
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/** A sync that is registered. */
export interface RegisteredSync {
  /** Name of its namespace. */
  readonly namespace: string;
  readonly sync: pulumi.Resource;
}

/**
 * Registers a tenant's syncs: for each repository in each namespace a Secret with its key, for each reference of it a
 * GitRepository, for each sync a Kustomization.
 */
export function gitSyncs(
  parts: TenantResources,
  args: GitSyncsArgs,
  { parent }: { readonly parent: pulumi.Resource },
): readonly RegisteredSync[] {
  const secrets = gitSecrets(parts, args, parent);
  const sources = gitSources(parts, { ...args, secrets }, parent);
  return parts.syncs.map((part) => {
    const { namespace, dependencies: ready } = mustGet(args.namespaces, part.namespace);
    const sync = new k8s.apiextensions.CustomResource(
      `${part.resourceName}-sync`,
      tenantKustomization({ part, labels: args.labels, namespace }),
      { parent, dependsOn: [mustGet(sources, `${part.namespace}/${part.source}`), ...ready] },
    );
    return { namespace: part.namespace, sync };
  });
}

type Registered = ReadonlyMap<string, pulumi.Resource>;

/** By namespace and name. */
function gitSecrets({ credentials }: TenantResources, args: GitSyncsArgs, parent: pulumi.Resource): Registered {
  return new Map(
    credentials.map(({ resourceName, name, namespace, repository }) => {
      const { key, cloneUrl } = mustGet(args.repositories, repository);
      const secret = new k8s.core.v1.Secret(
        `${resourceName}-git`,
        gitSecretArgs({
          metadata: { name, namespace: mustGet(args.namespaces, namespace).namespace, labels: args.labels },
          key,
          cloneUrl,
          hostKeys: args.hostKeys,
        }),
        { parent },
      );
      return [`${namespace}/${name}`, secret];
    }),
  );
}

/** By namespace and name. */
function gitSources(
  { sources }: TenantResources,
  args: RegisteredParts & { readonly secrets: Registered },
  parent: pulumi.Resource,
): Registered {
  return new Map(
    sources.map(({ resourceName, repository, namespace, ...part }) => {
      const { key, cloneUrl } = mustGet(args.repositories, repository);
      const source = new k8s.apiextensions.CustomResource(
        `${resourceName}-source`,
        gitSource({
          ...part,
          namespace: mustGet(args.namespaces, namespace).namespace,
          labels: args.labels,
          url: cloneUrl,
        }),
        { parent, dependsOn: [mustGet(args.secrets, `${namespace}/${part.secretName}`), key] },
      );
      return [`${namespace}/${part.name}`, source];
    }),
  );
}
