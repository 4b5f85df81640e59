import { CONTROLLER_TRAITS } from "../../flux/release/controllers.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { type AdmissionPolicy, admissionPolicy, celList, type PolicyContext } from "./cel/policy.js";

/** API groups of Flux's kinds. */
const fluxGroups = [
  "helm.toolkit.fluxcd.io",
  "image.toolkit.fluxcd.io",
  "kustomize.toolkit.fluxcd.io",
  "notification.toolkit.fluxcd.io",
  "source.extensions.fluxcd.io",
  "source.toolkit.fluxcd.io",
];

/**
 * Controllers that apply nothing. The others act as whatever account an object names, so that nothing could be kept from
 * whoever has their token.
 */
const reportingControllers = Object.entries(CONTROLLER_TRAITS)
  .filter(([, { impersonates }]) => !impersonates)
  .map(([name]) => `system:serviceaccount:${FLUX_NAMESPACE}:${name}`)
  .sort();

/**
 * Controllers that only report: on Flux's kinds, in every namespace, they write status, finalizers and annotations.
 *
 * RBAC knows no fields: notification-controller may patch every kind, to annotate what a Receiver names, and so could
 * give the platform's own Kustomization another path or patches. These controllers speak to addresses that tenants
 * choose, and what runs in them may one day be broken into.
 *
 * In every namespace, unlike the other policies: the platform's own syncs are what is worth most.
 */
export function controllers({ labels, mode }: PolicyContext): AdmissionPolicy {
  return admissionPolicy({
    name: "fleet-controllers",
    labels,
    mode,
    resourceRules: [
      {
        apiGroups: fluxGroups,
        apiVersions: ["*"],
        resources: ["*/*"],
        operations: ["CREATE", "UPDATE", "DELETE"],
        scope: "Namespaced",
      },
    ],
    namespaceSelector: {},
    matchConditions: [
      {
        name: "by-a-controller-that-reports",
        expression: `request.userInfo.username in ${celList(reportingControllers)}`,
      },
    ],
    validations: [
      {
        expression: [
          "request.operation == 'UPDATE'",
          "object.?spec.orValue({}) == oldObject.?spec.orValue({})",
          "object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({})",
          "object.metadata.?ownerReferences.orValue([]) == oldObject.metadata.?ownerReferences.orValue([])",
        ].join(" && "),
        message:
          "this controller of Flux's reports on objects, and neither makes, changes nor removes them: find out who has its token; if a new version of Flux needs more, adapt policies/admission/controllers.ts",
      },
    ],
  });
}
