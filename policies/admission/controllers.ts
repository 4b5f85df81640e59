import { FLUX_CONTROLLERS, hasTrait } from "../../flux/release/controllers.js";
import { cel, celList, isUnchanged } from "./cel/cel.js";
import { everyChange, type PolicyDefinition } from "./cel/policy.js";
import { fluxAccounts } from "./cel/principals.js";

const fluxGroups = [
  ...["helm", "image", "kustomize", "notification"].map((part) => `${part}.toolkit.fluxcd.io`),
  "source.extensions.fluxcd.io",
  "source.toolkit.fluxcd.io",
];

/**
 * Controllers that apply nothing, with source-watcher, which is not installed. The others impersonate the account that an
 * object names, so that a policy on their own name would hold nothing back.
 */
const reportingControllers = fluxAccounts([
  ...FLUX_CONTROLLERS.filter((name) => !hasTrait(name, "impersonates")),
  "source-watcher",
]);

/**
 * The policy on Flux's controllers that only report: they write status, finalizers and annotations of Flux's kinds.
 * They connect to addresses that tenants choose, and may be compromised. RBAC cannot restrict fields:
 * notification-controller may patch every kind, to annotate the targets of Receivers, and could give the platform's own
 * Kustomization another path or patches. So this policy holds in every namespace, not only in those of tenants.
 */
export const controllers: PolicyDefinition = {
  name: "fleet-controllers",
  resourceRules: everyChange({ apiGroups: fluxGroups, resources: ["*/*"] }),
  namespaceSelector: {},
  matchConditions: { "by-a-controller-that-reports": `request.userInfo.username in ${celList(reportingControllers)}` },
  validations: [
    {
      expression: cel`
        request.operation == 'UPDATE'
        && ${isUnchanged("?spec.orValue({})", "metadata.?labels.orValue({})", "metadata.?ownerReferences.orValue([])")}
      `,
      message:
        "this Flux controller may only change status, finalizers and annotations: find out who uses its token; if a new version of Flux needs more rights, change policies/admission/controllers.ts",
    },
  ],
};
