import { listAt, ofKind, textAt } from "../findings/facts.js";
import type { Rule } from "./rule.js";

/** Admission policies that refuse. */
export const admissionDenies: Rule = {
  name: "admission-denies",
  level: "mandatory",
  title: "each admission policy is bound, denies, and fails closed",
  reason: "a policy that only warns or audits lets everything pass",
  fix: "set fleet:admission to enforce",
  violations: ({ plan }) => [
    ...ofKind(plan, "ValidatingAdmissionPolicyBinding")
      .filter(({ inputs }) => !listAt(inputs, "spec", "validationActions").includes("Deny"))
      .map((resource) => ({
        resource,
        setting: "fleet:admission",
        message: `the policy ${textAt(resource, "spec", "policyName")} denies nothing`,
      })),
    ...ofKind(plan, "ValidatingAdmissionPolicy").flatMap((resource) => {
      const name = textAt(resource, "metadata", "name");
      const bindings = ofKind(plan, "ValidatingAdmissionPolicyBinding");
      const isBound = bindings.some((one) => textAt(one, "spec", "policyName") === name);
      // Kubernetes fails closed where the field is missing.
      const isOpen = textAt(resource, "spec", "failurePolicy") === "Ignore";
      return [
        ...(isBound ? [] : [{ resource, message: `the policy ${name} has no binding` }]),
        ...(isOpen ? [{ resource, message: `the policy ${name} lets pass what it cannot judge` }] : []),
      ];
    }),
  ],
};
