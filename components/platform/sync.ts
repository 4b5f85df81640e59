import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { CLUSTER_VARIABLES, PLATFORM_SOURCE } from "../../config/names.js";
import { fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { roleBinding, serviceAccountSubject } from "../../lib/kubernetes/role-binding.js";
import { gitSecretArgs } from "../flux/git-secret.js";
import { gitSource } from "../flux/git-source.js";
import { clusterVariablesData, platformKustomization, platformReconciler } from "./objects.js";
import type { PlatformRepository } from "./repository.js";

/** The platform repository, and the cluster that syncs it. */
export interface PlatformSyncArgs {
  readonly spec: FleetSpec;
  /** Flux's own namespace. */
  readonly namespace: pulumi.Input<string>;
  readonly repository: PlatformRepository;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/** Flux's sync of the platform repository. Pulumi waits until the infrastructure that it applies is Ready. */
export class PlatformSync extends pulumi.ComponentResource {
  /** Resources that exist once the infrastructure is Ready. Tenants depend on them. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformSyncArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:platform:Sync", name, {}, opts);

    const binding = this.#registerReconciler(name, args);
    const variables = new k8s.core.v1.ConfigMap(
      `${name}-variables`,
      { metadata: metadataOf(args, CLUSTER_VARIABLES), data: clusterVariablesData(args.spec) },
      { parent: this },
    );
    const source = this.#registerSource(name, args);
    const sync = new k8s.apiextensions.CustomResource(
      `${name}-sync`,
      platformKustomization({ platform: args.spec.platform, ...metadataOf(args, PLATFORM_SOURCE) }),
      {
        parent: this,
        dependsOn: [source, binding, variables],
        customTimeouts: { create: "6m", update: "6m", delete: "6m" },
      },
    );
    this.dependencies = [sync];

    this.registerOutputs();
  }

  /** Registers the service account of the sync, and returns its cluster role binding. */
  #registerReconciler(name: string, args: PlatformSyncArgs): pulumi.Resource {
    const metadata = metadataOf(args, platformReconciler);
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-reconciler`,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    return new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-role`,
      roleBinding({
        metadata: { name: `fleet-${platformReconciler}`, labels: metadata.labels },
        role: "cluster-admin",
        subjects: [serviceAccountSubject(platformReconciler, args.namespace)],
      }),
      { parent: this, dependsOn: [account] },
    );
  }

  #registerSource(name: string, args: PlatformSyncArgs): pulumi.Resource {
    const { spec, hostKeys } = args;
    const { key, cloneUrl, dependencies } = args.repository;
    const secret = new k8s.core.v1.Secret(
      `${name}-git`,
      gitSecretArgs({ metadata: metadataOf(args, gitSecretName), key, cloneUrl, hostKeys }),
      { parent: this },
    );
    return new k8s.apiextensions.CustomResource(
      `${name}-source`,
      gitSource({
        ...metadataOf(args, PLATFORM_SOURCE),
        url: cloneUrl,
        ref: { branch: spec.platform.repository.defaultBranch },
        interval: "1m",
        secretName: gitSecretName,
      }),
      { parent: this, dependsOn: [secret, ...dependencies] },
    );
  }
}

function metadataOf({ spec, namespace }: PlatformSyncArgs, name: string) {
  return { name, namespace, labels: fleetLabels(spec.stack) };
}

/** Name of the Secret with this cluster's key to the platform repository. */
const gitSecretName = "platform-git";
