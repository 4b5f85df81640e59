import { planned } from "../../../../support/unit/plan.js";
import { flux } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `flux-accounts`. */
export const fluxAccountsCases: RuleCases = {
  violating: [
    {
      title: "a sync and a release without an account",
      after: [flux("kustomize", "Kustomization", {}), flux("helm", "HelmRelease", { serviceAccountName: "" })],
      messages: ["a/apps has no service account", "a/apps has no service account"],
    },
    {
      title: "a tenant's sync with the platform's account",
      after: [
        planned(
          "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
          "a-sync",
          {
            metadata: { name: "apps", namespace: "flux-system" },
            spec: { serviceAccountName: "platform-reconciler" },
          },
          "a",
        ),
      ],
      messages: ["flux-system/apps of a has an account of the platform"],
    },
  ],
  clean: [{ title: "an account", after: [flux("kustomize", "Kustomization", { serviceAccountName: "reconciler" })] }],
};
