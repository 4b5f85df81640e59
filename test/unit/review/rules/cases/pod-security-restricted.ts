import { namespace } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `pod-security-restricted`. */
export const podSecurityRestrictedCases: RuleCases = {
  violating: [
    {
      title: "the baseline level",
      after: [namespace("a", { level: "baseline" })],
      messages: ["Pod Security of the namespace a is baseline"],
    },
  ],
  clean: [{ title: "the restricted level", after: [namespace("a")] }],
};
