import { helmReleases, kustomizations } from "../kinds.js";
import { cel, inThisNamespace, specChanges, textOf, textsOf } from "./cel/cel.js";
import { boundedIntervals, boundedTimeouts, maxImpliedTimeout } from "./cel/durations.js";
import {
  areShort,
  boundedExpressions,
  CONDITION_PATTERN,
  haveForm,
  LONGEST_EXPRESSIONS,
  lengthOf,
} from "./cel/flux-expressions.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";

/** CEL of one expression of each health check. */
function healthExpressions(field: string): string {
  return `object.spec.?healthCheckExprs.orValue([]).map(check, check.?${field}.orValue(''))`;
}

/**
 * The policy on a tenant's Kustomizations and HelmReleases: applied as an account of their own namespace, from and to
 * that namespace. Flux's lockdown flags enforce most of this in the controllers. The policy holds even if a flag is
 * lost.
 */
export const fluxSync: PolicyDefinition = {
  name: "fleet-flux-sync",
  resourceRules: createOrUpdate(kustomizations, helmReleases),
  matchConditions: specChanges,
  variables: {
    account: textOf("serviceAccountName"),
    targets: textsOf("targetNamespace", "storageNamespace"),
    references: cel`
      ${textsOf("sourceRef.namespace", "chartRef.namespace", "chart.spec.sourceRef.namespace")}
      + object.spec.?dependsOn.orValue([]).map(other, other.?namespace.orValue(''))
      + object.spec.?healthChecks.orValue([]).map(other, other.?namespace.orValue(''))
    `,
    expressions: cel`
      object.spec.?dependsOn.orValue([]).map(other, other.?readyExpr.orValue(''))
      + ${["current", "inProgress", "failed"].map(healthExpressions).join(" + ")}
    `,
    shortExpressions: cel`
      ${areShort("variables.expressions")} && ${lengthOf("variables.expressions")} <= ${LONGEST_EXPRESSIONS}
    `,
  },
  validations: [
    {
      expression: "variables.account != '' && variables.account != 'default'",
      message:
        "spec.serviceAccountName must name an account of this namespace other than default: set it to reconciler",
    },
    {
      expression: inThisNamespace("variables.targets"),
      message:
        "spec.targetNamespace and spec.storageNamespace must be this namespace: remove them, or set them to the namespace of the object",
    },
    { expression: "!has(object.spec.kubeConfig)", message: "spec.kubeConfig leads to another cluster: remove it" },
    {
      expression: inThisNamespace("variables.references"),
      message:
        "sources, dependencies and health checks must be in this namespace: remove the namespace from sourceRef, chartRef, dependsOn and healthChecks, and create your own source",
    },
    boundedIntervals(
      "interval",
      "retryInterval",
      "chart.spec.interval",
      "install.strategy.retryInterval",
      "upgrade.strategy.retryInterval",
    ),
    boundedTimeouts(
      "timeout",
      ...["install", "upgrade", "rollback", "uninstall", "test"].map((action) => `${action}.timeout`),
    ),
    maxImpliedTimeout,
    ...boundedExpressions(
      "variables.shortExpressions",
      haveForm("variables.expressions", CONDITION_PATTERN),
      "spec.dependsOn[].readyExpr and spec.healthCheckExprs",
    ),
  ],
};
