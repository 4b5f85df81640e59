import { policy, policyBinding } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `admission-denies`. */
export const admissionDeniesCases: RuleCases = {
  violating: [
    {
      title: "a policy that warns",
      after: [policy(), policyBinding("Warn", "Audit")],
      messages: ["the policy fleet-images denies nothing"],
    },
    { title: "a policy without a binding", after: [policy()], messages: ["the policy fleet-images has no binding"] },
    {
      title: "a policy that fails open",
      after: [policy({ failurePolicy: "Ignore" }), policyBinding("Deny")],
      messages: ["the policy fleet-images lets pass what it cannot judge"],
    },
  ],
  clean: [{ title: "a policy that denies and warns", after: [policy(), policyBinding("Deny", "Warn")] }],
};
