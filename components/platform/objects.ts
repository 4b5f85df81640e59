import type * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { CLUSTER_VARIABLES, PLATFORM_SOURCE } from "../../config/names.js";
import { clusterVariables } from "../../config/stack/cluster-variables.js";

/** Service account of the platform's sync, the only one with the role cluster-admin. */
export const platformReconciler = "platform-reconciler";

/** The data of the ConfigMap {@link CLUSTER_VARIABLES}. */
export function clusterVariablesData({ stack, cluster, platform }: FleetSpec): Record<string, string> {
  return clusterVariables({ stack, cluster, variables: platform.variables });
}

/**
 * The platform's root Kustomization.
 *
 * It names its service account, because the lockdown denies every Kustomization without one. It is Ready when the
 * infrastructure is Ready. Its removal waits for its nested Kustomizations, which prune with the same account.
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
      name: PLATFORM_SOURCE,
      namespace,
      labels,
      // Pulumi registers the tenants after the infrastructure is Ready.
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    },
    spec: {
      sourceRef: { kind: "GitRepository", name: PLATFORM_SOURCE },
      path: platform.path,
      serviceAccountName: platformReconciler,
      prune: true,
      wait: true,
      deletionPolicy: "WaitForTermination",
      interval: platform.interval,
      retryInterval: "15s",
      timeout: "5m",
      postBuild: { substituteFrom: [{ kind: "ConfigMap", name: CLUSTER_VARIABLES }] },
    },
  };
}
