import { maxTimeout, minInterval } from "./cel/durations.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";

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
    resourceRules: [
      createOrUpdate("kustomize.toolkit.fluxcd.io", ["kustomizations"]),
      createOrUpdate("helm.toolkit.fluxcd.io", ["helmreleases"]),
    ],
    matchConditions: [specChanges],
    variables: [
      { name: "account", expression: "object.spec.?serviceAccountName.orValue('')" },
      {
        name: "targets",
        expression: "[object.spec.?targetNamespace.orValue(''), object.spec.?storageNamespace.orValue('')]",
      },
      {
        name: "references",
        expression:
          "[object.spec.?sourceRef.?namespace.orValue(''), object.spec.?chartRef.?namespace.orValue(''), object.spec.?chart.?spec.?sourceRef.?namespace.orValue('')] + object.spec.?dependsOn.orValue([]).map(other, other.?namespace.orValue('')) + object.spec.?healthChecks.orValue([]).map(other, other.?namespace.orValue(''))",
      },
    ],
    validations: [
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
          "sources, dependencies and what is waited for must be in this namespace: remove the namespace from sourceRef, chartRef, dependsOn and healthChecks, and make a source of your own",
      },
      minInterval([
        "interval",
        "retryInterval",
        "chart.spec.interval",
        "install.strategy.retryInterval",
        "upgrade.strategy.retryInterval",
      ]),
      maxTimeout([
        "timeout",
        "install.timeout",
        "upgrade.timeout",
        "rollback.timeout",
        "uninstall.timeout",
        "test.timeout",
      ]),
    ],
  });
}
