import {
  type AdmissionPolicy,
  admissionPolicy,
  createOrUpdate,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";

/** References of a Canary that can name a namespace, beside those of its analysis. */
const singleReferences = ["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"];

/** A Canary's analysis, by its name of today and the one before, which Flagger still reads. */
const analyses = ["analysis", "canaryAnalysis"];

/**
 * A tenant's Canaries: all that they name is in their own namespace.
 *
 * Flagger reads every namespace under its own name. A template of another tenant's would have it ask that one's metrics
 * with that one's password, and a provider send to that one's channel.
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
          "what a Canary names must be in its namespace: remove the namespace from targetRef, templateRef, providerRef and the like, and make a MetricTemplate or AlertProvider of your own",
      },
    ],
  });
}
