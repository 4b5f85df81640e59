import { namespace, quota } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `tenant-data`. */
export const tenantDataCases: RuleCases = {
  violating: [
    {
      title: "a namespace that may hold claims",
      before: [namespace("a"), quota("a", { persistentvolumeclaims: "10" })],
      after: [],
      messages: ["the namespace a goes, which may hold 10 claims"],
    },
    {
      title: "a namespace without a limit of claims",
      before: [namespace("a")],
      after: [],
      messages: ["the namespace a goes, which may hold any number of claims"],
    },
  ],
  clean: [
    {
      title: "a namespace without claims",
      before: [namespace("a"), quota("a", { persistentvolumeclaims: "0" })],
      after: [],
    },
    {
      title: "a namespace that another tenant takes over",
      before: [namespace("a"), quota("a", { persistentvolumeclaims: "10" })],
      after: [namespace("a", { tenant: "b" })],
    },
  ],
};
