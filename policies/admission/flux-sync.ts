import { cel } from "./cel/cel.js";
import { maxTimeout, minInterval } from "./cel/durations.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type NamedExpression,
  type PolicyContext,
  specChanges,
  type Validation,
} from "./cel/policy.js";

/**
 * The policy on a tenant's Kustomizations and HelmReleases: applied as an account of their own namespace, from and to
 * that namespace.
 *
 * Flux's lockdown flags enforce most of this in the controllers. The policy refuses it before it is stored, and still
 * holds if a flag is lost.
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
    variables: [account, targets, references],
    validations: [
      asOwnAccount,
      toThisNamespace,
      noKubeConfig,
      fromThisNamespace,
      minInterval(intervalFields),
      maxTimeout(timeoutFields),
    ],
  });
}

/** Fields of a Kustomization or HelmRelease that set an interval. */
const intervalFields = [
  "interval",
  "retryInterval",
  "chart.spec.interval",
  "install.strategy.retryInterval",
  "upgrade.strategy.retryInterval",
];

/** Fields of a Kustomization or HelmRelease that set a timeout. */
const timeoutFields = [
  "timeout",
  "install.timeout",
  "upgrade.timeout",
  "rollback.timeout",
  "uninstall.timeout",
  "test.timeout",
];

const account: NamedExpression = { name: "account", expression: "object.spec.?serviceAccountName.orValue('')" };

const targets: NamedExpression = {
  name: "targets",
  expression: "[object.spec.?targetNamespace.orValue(''), object.spec.?storageNamespace.orValue('')]",
};

/** `variables.references`: the namespaces of all objects that the sync refers to. */
const references: NamedExpression = {
  name: "references",
  expression: cel`
    [
      object.spec.?sourceRef.?namespace.orValue(''),
      object.spec.?chartRef.?namespace.orValue(''),
      object.spec.?chart.?spec.?sourceRef.?namespace.orValue('')
    ]
    + object.spec.?dependsOn.orValue([]).map(other, other.?namespace.orValue(''))
    + object.spec.?healthChecks.orValue([]).map(other, other.?namespace.orValue(''))
  `,
};

const asOwnAccount: Validation = {
  expression: "variables.account != '' && variables.account != 'default'",
  message: "spec.serviceAccountName must name an account of this namespace other than default: set it to reconciler",
};

const toThisNamespace: Validation = {
  expression: "variables.targets.all(name, name == '' || name == request.namespace)",
  message:
    "spec.targetNamespace and spec.storageNamespace must be this namespace: remove them, or set them to the namespace of the object",
};

const noKubeConfig: Validation = {
  expression: "!has(object.spec.kubeConfig)",
  message: "spec.kubeConfig leads to another cluster: remove it",
};

const fromThisNamespace: Validation = {
  expression: "variables.references.all(name, name == '' || name == request.namespace)",
  message:
    "sources, dependencies and health checks must be in this namespace: remove the namespace from sourceRef, chartRef, dependsOn and healthChecks, and create your own source",
};
