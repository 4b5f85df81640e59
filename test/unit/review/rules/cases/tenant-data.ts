import { SIZES } from "../../../../../config/tenant/limits/sizes.js";
import { quotaHard } from "../../../../../policies/quotas.js";
import { fleetSpec } from "../../../../support/unit/spec.js";
import { namespace, quota } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The quota of a namespace with so many claims, as the program writes it. */
function claims(persistentVolumeClaims: number): Readonly<Record<string, string>> {
  return quotaHard({ size: "small", ...SIZES.small, persistentVolumeClaims }, fleetSpec().admission, []);
}

/** The cases of the rule `tenant-data`. */
export const tenantDataCases: RuleCases = {
  violating: [
    {
      title: "a namespace that may hold claims",
      before: [namespace("a"), quota("a", claims(10))],
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
      title: "a namespace without claims, by the older name of their number",
      before: [namespace("a"), quota("a", { persistentvolumeclaims: "0" })],
      after: [],
    },
    {
      title: "a namespace without claims",
      before: [namespace("a"), quota("a", claims(0))],
      after: [],
    },
    {
      title: "a namespace that another tenant takes over",
      before: [namespace("a"), quota("a", claims(10))],
      after: [namespace("a", { tenant: "b" })],
    },
  ],
};
