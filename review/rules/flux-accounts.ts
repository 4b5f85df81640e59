import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { objectText, ofKind, textAt } from "../findings/facts.js";
import type { Rule } from "./rule.js";

/** Accounts of syncs and releases. */
export const fluxAccounts: Rule = {
  name: "flux-accounts",
  level: "mandatory",
  title: "each Kustomization and HelmRelease has a service account, and those of tenants none of the platform",
  reason: "without one, Flux applies it with the rights of its controller",
  fix: "set spec.serviceAccountName",
  violations: ({ plan }) =>
    ofKind(plan, "Kustomization", "HelmRelease").flatMap((resource) => {
      const isInFlux = textAt(resource, "metadata", "namespace") === FLUX_NAMESPACE;
      if (textAt(resource, "spec", "serviceAccountName") === "") {
        return [{ resource, message: `${objectText(resource)} has no service account` }];
      }
      // Accounts are those of the object's namespace.
      return isInFlux && resource.tenant !== undefined
        ? [{ resource, message: `${objectText(resource)} of ${resource.tenant} has an account of the platform` }]
        : [];
    }),
};
