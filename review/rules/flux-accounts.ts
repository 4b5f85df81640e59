import { objectText, ofKind, textAt } from "../findings/facts.js";
import type { Rule } from "./rule.js";

/** Accounts of syncs and releases. */
export const fluxAccounts: Rule = {
  name: "flux-accounts",
  level: "mandatory",
  title: "each Kustomization and HelmRelease has a service account",
  reason: "without one, Flux applies it with the rights of its controller",
  fix: "set spec.serviceAccountName",
  violations: ({ plan }) =>
    ofKind(plan, "Kustomization", "HelmRelease")
      .filter((one) => textAt(one, "spec", "serviceAccountName") === "")
      .map((resource) => ({ resource, message: `${objectText(resource)} has no service account` })),
};
