import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";

/** References of a Canary that can name a namespace, beside those of its analysis. */
const singleReferences = ["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"];

/** Fields of a Canary's analysis; Flagger still reads the deprecated one. */
const analyses = ["analysis", "canaryAnalysis"];

/**
 * The policy on a tenant's Canaries: all references stay in their own namespace.
 *
 * Flagger reads every namespace under its own name. With another tenant's MetricTemplate it would query that tenant's
 * metrics with that tenant's password, and with its AlertProvider it would post to that tenant's channel.
 * @see https://docs.flagger.app/usage/metrics
 * @see https://docs.flagger.app/usage/alerting
 */
export function canaries({ labels, mode }: PolicyContext): AdmissionPolicy {
  const references = [
    `[${singleReferences.map((field) => `object.spec.?${field}.?namespace.orValue('')`).join(", ")}]`,
    ...analyses.flatMap((analysis) => [
      `object.spec.?${analysis}.?metrics.orValue([]).map(metric, metric.?templateRef.?namespace.orValue(''))`,
      `object.spec.?${analysis}.?alerts.orValue([]).map(alert, alert.?providerRef.?namespace.orValue(''))`,
    ]),
  ];
  return admissionPolicy({
    name: "fleet-canaries",
    labels,
    mode,
    resourceRules: [createOrUpdate("flagger.app", ["canaries"])],
    matchConditions: [specChanges],
    variables: [{ name: "references", expression: references.join(" + ") }],
    validations: [
      {
        expression: "variables.references.all(name, name == '' || name == request.namespace)",
        message:
          "a Canary must refer to objects of its own namespace: remove the namespace from targetRef, templateRef, providerRef and other references, and create your own MetricTemplate or AlertProvider",
      },
    ],
  });
}
