import { FLUX_CONTROLLERS, hasTrait } from "../../flux/release/controllers.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { cel, celList } from "./cel/cel.js";
import { type AdmissionPolicy, admissionPolicy, type PolicyContext } from "./cel/policy.js";

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
 * Controllers that apply nothing, source-watcher included, which is not installed. The others impersonate the account that an object names, so that a policy on their own
 * name would hold nothing back.
 */
const reportingControllers = [...FLUX_CONTROLLERS.filter((name) => !hasTrait(name, "impersonates")), "source-watcher"]
  .map((name) => `system:serviceaccount:${FLUX_NAMESPACE}:${name}`)
  .sort();

/**
 * The policy on Flux's controllers that only report: they write status, finalizers and annotations of Flux's kinds.
 *
 * RBAC cannot restrict fields: notification-controller may patch every kind, to annotate the targets of Receivers, and
 * could give the platform's own Kustomization another path or patches. These controllers connect to addresses that
 * tenants choose, and may be compromised.
 *
 * Unlike the other policies it holds in every namespace, because the platform's own syncs have the most rights.
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
        expression: cel`
          request.operation == 'UPDATE'
          && object.?spec.orValue({}) == oldObject.?spec.orValue({})
          && object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({})
          && object.metadata.?ownerReferences.orValue([]) == oldObject.metadata.?ownerReferences.orValue([])
        `,
        message:
          "this Flux controller may only change status, finalizers and annotations: find out who uses its token; if a new version of Flux needs more rights, change policies/admission/controllers.ts",
      },
    ],
  });
}
