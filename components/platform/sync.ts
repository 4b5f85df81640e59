import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { CLUSTER_VARIABLES, PLATFORM_SOURCE } from "../../config/names.js";
import { fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { gitSecretArgs } from "../flux/git-secret.js";
import { gitSource } from "../flux/git-source.js";
import { clusterVariablesData, platformKustomization, platformReconciler } from "./objects.js";
import type { PlatformRepository } from "./repository.js";

/** What Flux syncs for the platform, from where, and how it knows the Git server. */
export interface PlatformSyncArgs {
  /** The whole stack: every cluster variable is of it. */
  readonly spec: FleetSpec;
  /** Flux's own namespace. */
  readonly namespace: pulumi.Input<string>;
  /** What is synced, with its key. */
  readonly repository: PlatformRepository;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/** Flux's sync of the platform repository, registered only when the infrastructure that it brings is Ready. */
export class PlatformSync extends pulumi.ComponentResource {
  /** What a tenant's sync relies on: it exists once the infrastructure is Ready. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformSyncArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:platform:Sync", name, {}, opts);
    const { spec, namespace, repository } = args;
    const labels = fleetLabels(spec.stack);

    const identity = new k8s.core.v1.ServiceAccount(
      `${name}-reconciler`,
      { metadata: { name: platformReconciler, namespace, labels }, automountServiceAccountToken: false },
      { parent: this },
    );
    const role = new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-role`,
      {
        metadata: { name: `fleet-${platformReconciler}`, labels },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: platformReconciler, namespace }],
      },
      { parent: this, dependsOn: [identity] },
    );
    const variables = new k8s.core.v1.ConfigMap(
      `${name}-variables`,
      { metadata: { name: CLUSTER_VARIABLES, namespace, labels }, data: clusterVariablesData(spec) },
      { parent: this },
    );
    const secret = new k8s.core.v1.Secret(
      `${name}-git`,
      gitSecretArgs({
        metadata: { name: gitSecretName, namespace, labels },
        key: repository.key,
        cloneUrl: repository.cloneUrl,
        hostKeys: args.hostKeys,
      }),
      { parent: this },
    );
    const source = new k8s.apiextensions.CustomResource(
      `${name}-source`,
      gitSource({
        name: PLATFORM_SOURCE,
        namespace,
        labels,
        url: repository.cloneUrl,
        ref: { branch: spec.platform.repository.defaultBranch },
        interval: "1m",
        secretName: gitSecretName,
      }),
      { parent: this, dependsOn: [secret, ...repository.dependencies] },
    );
    const sync = new k8s.apiextensions.CustomResource(
      `${name}-sync`,
      platformKustomization({ platform: spec.platform, namespace, labels }),
      {
        parent: this,
        dependsOn: [source, role, variables],
        customTimeouts: { create: "6m", update: "6m", delete: "6m" },
      },
    );
    this.dependencies = [sync];

    this.registerOutputs();
  }
}

/** Secret with this cluster's key to the platform repository. */
const gitSecretName = "platform-git";
