import { namespace } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `pod-security-kept`. */
export const podSecurityKeptCases: RuleCases = {
  violating: [
    {
      title: "a lower level",
      before: [namespace("a")],
      after: [namespace("a", { level: "baseline" })],
      messages: ["Pod Security of the namespace a goes from restricted to baseline"],
    },
    {
      title: "no level any more",
      before: [namespace("a", { level: "baseline" })],
      after: [namespace("a", { level: "" })],
      messages: ["Pod Security of the namespace a goes from baseline to privileged"],
    },
    {
      title: "an unknown level, under another name of the resource",
      before: [namespace("a")],
      after: [{ ...namespace("a", { level: "strict" }), name: "renamed" }],
      messages: ["Pod Security of the namespace a goes from restricted to strict"],
    },
    {
      title: "an older version of the checks",
      before: [namespace("a", { version: "latest" })],
      after: [namespace("a", { version: "v1.19" })],
      messages: ["Pod Security of the namespace a goes from version latest to v1.19"],
    },
  ],
  clean: [
    { title: "a stricter level", before: [namespace("a", { level: "baseline" })], after: [namespace("a")] },
    { title: "a new namespace", before: [], after: [namespace("a", { level: "baseline" })] },
  ],
};
