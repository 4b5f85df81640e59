import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import {
  CLUSTER_VARIABLES,
  PLATFORM_BINDING,
  PLATFORM_GIT_SECRET,
  PLATFORM_RECONCILER,
  PLATFORM_SOURCE,
  PLATFORM_VERIFY_SECRET,
} from "../../config/names.js";
import { clusterVariables } from "../../config/stack/cluster-variables.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { FLUX_NAMESPACE, fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { roleBinding, serviceAccountSubject } from "../../lib/kubernetes/role-binding.js";
import type { KeyDates } from "../../lib/state/key-dates.js";
import { fluxObject, gitSecret, gitSource, verifySecret } from "../flux/flux-object.js";
import { withKeyDate } from "../flux/key-date.js";
import { secretNameOf } from "../github/git-credential.js";
import type { PlatformRepository } from "./repository.js";

/** The platform repository, and the cluster that syncs it. */
export interface PlatformSyncArgs {
  readonly spec: FleetSpec;
  /** Flux's own namespace. */
  readonly namespace: pulumi.Input<string>;
  readonly repository: PlatformRepository;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
  readonly keyDates: KeyDates;
  /** Resources that must exist before the infrastructure, and so before tenants, and until these are gone. */
  readonly dependencies: readonly pulumi.Resource[];
}

/** Flux's sync of the platform repository. Pulumi waits until the infrastructure that it applies is Ready. */
export class PlatformSync extends pulumi.ComponentResource {
  /** Resources that exist once the infrastructure is Ready. Tenants depend on them. */
  readonly dependencies: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformSyncArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:platform:Sync", name, {}, opts);
    const { spec } = args;

    const binding = this.#registerReconciler(name, args);
    const data = clusterVariables(spec, spec.platform.variables);
    const metadata = metadataOf(args, CLUSTER_VARIABLES);
    const variables = new k8s.core.v1.ConfigMap(`${name}-variables`, { metadata, data }, { parent: this });
    const source = this.#registerSource(name, args);
    const sync = fluxObject(`${name}-sync`, "Kustomization", platformKustomization(args), {
      parent: this,
      dependsOn: [source, binding, variables, ...args.dependencies],
      customTimeouts: { create: "6m", update: "6m", delete: "6m" },
    });
    this.dependencies = [sync];

    this.registerOutputs();
  }

  /** Registers the service account of the sync, and returns its cluster role binding. */
  #registerReconciler(name: string, args: PlatformSyncArgs): pulumi.Resource {
    const metadata = metadataOf(args, PLATFORM_RECONCILER);
    const settings = { metadata, automountServiceAccountToken: false };
    const account = new k8s.core.v1.ServiceAccount(`${name}-reconciler`, settings, { parent: this });
    const binding = roleBinding({
      metadata: { name: PLATFORM_BINDING, labels: metadata.labels },
      role: "cluster-admin",
      subjects: [serviceAccountSubject(PLATFORM_RECONCILER, args.namespace)],
    });
    return new k8s.rbac.v1.ClusterRoleBinding(`${name}-role`, binding, { parent: this, dependsOn: [account] });
  }

  #registerSource(name: string, args: PlatformSyncArgs): pulumi.Resource {
    const { spec, hostKeys } = args;
    const { credential, cloneUrl, dependencies } = args.repository;
    const secretName = secretNameOf(PLATFORM_GIT_SECRET, credential);
    const secretArgs = { metadata: metadataOf(args, secretName), credential, cloneUrl, hostKeys };
    const secret = gitSecret(`${name}-git`, secretArgs, { parent: this });
    const { commit, tag, repository, verify: declared } = spec.platform;
    // Of a branch alone, Flux fetches less than of the whole repository to find a commit.
    const ref = tag === undefined ? definedOnly({ branch: repository.defaultBranch, commit }) : { tag };
    const verify = declared && { mode: declared.mode, secretName: PLATFORM_VERIFY_SECRET };
    const key = { source: `${FLUX_NAMESPACE}/${PLATFORM_SOURCE}`, credential, keyDates: args.keyDates };
    const metadata = withKeyDate(metadataOf(args, PLATFORM_SOURCE), key);
    const source = { metadata, url: cloneUrl, ref, interval: "1m", secretName, ...definedOnly({ verify }) };
    const keys = declared
      ? [verifySecret(`${name}-verify`, metadataOf(args, PLATFORM_VERIFY_SECRET), declared, { parent: this })]
      : [];
    return gitSource(`${name}-source`, source, { parent: this, dependsOn: [secret, ...keys, ...dependencies] });
  }
}

function metadataOf({ spec, namespace }: PlatformSyncArgs, name: string) {
  return { name, namespace, labels: fleetLabels(spec.stack) };
}

/**
 * The platform's root Kustomization. It names its service account, because the lockdown denies a Kustomization without
 * one. Its removal waits for its nested Kustomizations, which prune with the same account.
 * @see https://github.com/fluxcd/flux2-multi-tenancy/issues/69
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy
 */
function platformKustomization(args: PlatformSyncArgs) {
  const { path, interval } = args.spec.platform;
  return {
    // Pulumi registers the tenants after the infrastructure is Ready.
    metadata: { ...metadataOf(args, PLATFORM_SOURCE), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: {
      sourceRef: { kind: "GitRepository", name: PLATFORM_SOURCE },
      path,
      serviceAccountName: PLATFORM_RECONCILER,
      prune: true,
      wait: true,
      deletionPolicy: "WaitForTermination",
      interval,
      retryInterval: "15s",
      timeout: "5m",
      postBuild: { substituteFrom: [{ kind: "ConfigMap", name: CLUSTER_VARIABLES }] },
    },
  };
}
