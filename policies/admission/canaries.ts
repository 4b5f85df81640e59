import { kinds } from "../kinds.js";
import { inThisNamespace, specChanges, textsOf } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";

/** References of a Canary that can name a namespace, beside those of its analysis. */
const singleReferences = ["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"];

const analysisReferences = (analysis: string) => [
  `object.spec.?${analysis}.?metrics.orValue([]).map(metric, metric.?templateRef.?namespace.orValue(''))`,
  `object.spec.?${analysis}.?alerts.orValue([]).map(alert, alert.?providerRef.?namespace.orValue(''))`,
];

/**
 * The policy on a tenant's Canaries: all references stay in their own namespace. Flagger reads every namespace under
 * its own name: with another tenant's MetricTemplate it would query that tenant's metrics with that tenant's password,
 * and with its AlertProvider it would post to that tenant's channel.
 * @see https://docs.flagger.app/usage/metrics
 * @see https://docs.flagger.app/usage/alerting
 */
export const canaries: PolicyDefinition = {
  name: "fleet-canaries",
  resourceRules: createOrUpdate(kinds("flagger.app", "canaries")),
  matchConditions: specChanges,
  variables: {
    references: [
      textsOf(...singleReferences.map((field) => `${field}.namespace`)),
      ...analysisReferences("analysis"),
      // Deprecated, but Flagger still reads it.
      ...analysisReferences("canaryAnalysis"),
    ].join(" + "),
  },
  validations: [
    {
      expression: inThisNamespace("variables.references"),
      message:
        "a Canary must refer to objects of its own namespace: remove the namespace from targetRef, templateRef, providerRef and other references, and create your own MetricTemplate or AlertProvider",
    },
  ],
};
