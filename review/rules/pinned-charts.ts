import { unpinnedField } from "../../config/platform/unpinned-field.js";
import { ofKind, textAt } from "../findings/facts.js";
import type { Rule } from "./rule.js";

/** Charts that tenants' files name. */
export const pinnedCharts: Rule = {
  name: "pinned-charts",
  level: "advisory",
  title: "each chart in a tenant's file is pinned to one version",
  reason: "a range brings a new version to every stack at once, before any other one has run it",
  fix: "name a version or a digest in helm.charts",
  violations: ({ plan }) =>
    ofKind(plan, "OCIRepository")
      .filter(({ tenant, inputs }) => tenant !== undefined && unpinnedField({ kind: "OCIRepository", ...inputs }))
      .map((resource) => ({
        resource,
        field: ["helm", "charts", textAt(resource, "metadata", "name")],
        message: `the chart ${textAt(resource, "metadata", "name")} of ${resource.tenant} follows a range or a tag that may move`,
      })),
};
