import { type AdmissionPolicy, admissionPolicy, type Demand, type PolicyContext, specChanges } from "./policy.js";

/** The least time between two runs of anything of Flux's, as in tenants' files. */
export const LEAST_INTERVAL = "10s";

/** Demands that each of these durations, where it is there, is not too short; all tenants share the controllers. */
export function notTooOften(fields: readonly string[]): Demand {
  const texts = fields.map(
    (field) =>
      `object.spec.${field
        .split(".")
        .map((part) => `?${part}`)
        .join(".")}.orValue('')`,
  );
  return {
    expression: `[${texts.join(", ")}].all(text, text == '' || duration(text) >= duration('${LEAST_INTERVAL}'))`,
    message: `intervals must be ${LEAST_INTERVAL} or longer, because all tenants share the controllers: raise ${fields.map((field) => `spec.${field}`).join(", ")}`,
  };
}

/**
 * A tenant's Kustomizations and HelmReleases: applied as an account of its own namespace, from and to that namespace.
 *
 * Flux's lockdown flags say most of this as well, in the controllers; here it is refused before it is stored, and
 * still holds if a flag is ever lost.
 */
export function fluxSync({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-flux-sync",
    labels,
    mode,
    rules: [rule("kustomize.toolkit.fluxcd.io", "kustomizations"), rule("helm.toolkit.fluxcd.io", "helmreleases")],
    conditions: [specChanges],
    variables: [
      { name: "account", expression: "object.spec.?serviceAccountName.orValue('')" },
      {
        name: "targets",
        expression: "[object.spec.?targetNamespace.orValue(''), object.spec.?storageNamespace.orValue('')]",
      },
      {
        name: "references",
        expression:
          "[object.spec.?sourceRef.?namespace.orValue(''), object.spec.?chartRef.?namespace.orValue(''), object.spec.?chart.?spec.?sourceRef.?namespace.orValue('')] + object.spec.?dependsOn.orValue([]).map(other, other.?namespace.orValue(''))",
      },
    ],
    demands: [
      {
        expression: "variables.account != '' && variables.account != 'default'",
        message:
          "spec.serviceAccountName must name the account of this namespace that applies it, and not default: set it to reconciler",
      },
      {
        expression: "variables.targets.all(name, name == '' || name == request.namespace)",
        message:
          "spec.targetNamespace and spec.storageNamespace must be this namespace: remove them, or set them to the namespace of the object",
      },
      {
        expression: "!has(object.spec.kubeConfig)",
        message: "spec.kubeConfig leads to another cluster: remove it",
      },
      {
        expression: "variables.references.all(name, name == '' || name == request.namespace)",
        message:
          "sources and dependencies must be in this namespace: remove the namespace from sourceRef, chartRef and dependsOn, and make a source of your own",
      },
      notTooOften([
        "interval",
        "retryInterval",
        "chart.spec.interval",
        "install.strategy.retryInterval",
        "upgrade.strategy.retryInterval",
      ]),
    ],
  });
}

function rule(group: string, resource: string) {
  return {
    apiGroups: [group],
    apiVersions: ["*"],
    resources: [resource],
    operations: ["CREATE" as const, "UPDATE" as const],
    scope: "Namespaced" as const,
  };
}
