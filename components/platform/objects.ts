import type * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../stacks/schema.js";

/** Service account that applies what the platform repository says; the only one with every right. */
export const platformReconciler = "platform-reconciler";

/** ConfigMap whose entries the platform's manifests can use as `${name}`. */
export const clusterVariables = "cluster-vars";

/** Name of the platform's source and root sync in Flux's namespace. */
export const platformName = "platform";

/**
 * What differs between clusters, for substitution in the platform's manifests.
 *
 * `cluster_name` and `cluster_stack` are always there and cannot be overridden: a manifest must be able to trust them.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function clusterVariablesData(spec: FleetSpec): Record<string, string> {
  return { ...spec.platform.variables, cluster_name: spec.cluster, cluster_stack: spec.stack };
}

/**
 * The platform's root Kustomization.
 *
 * It names its service account, because the lockdown leaves every Kustomization without one powerless. It waits for
 * what it applies, so that its Ready means that the infrastructure is Ready; and on removal it waits for its nested
 * Kustomizations to be gone, which prune with the same account.
 * @see https://github.com/fluxcd/flux2-multi-tenancy/issues/69
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy
 */
export function platformKustomization(args: {
  readonly platform: FleetSpec["platform"];
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}) {
  const { platform, namespace, labels } = args;
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: {
      name: platformName,
      namespace,
      labels,
      // Pulumi goes on to the tenants only when the infrastructure is Ready.
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    },
    spec: {
      sourceRef: { kind: "GitRepository", name: platformName },
      path: platform.path,
      serviceAccountName: platformReconciler,
      prune: true,
      wait: true,
      deletionPolicy: "WaitForTermination",
      interval: platform.interval,
      retryInterval: "15s",
      timeout: "5m",
      postBuild: { substituteFrom: [{ kind: "ConfigMap", name: clusterVariables }] },
    },
  };
}
