import { ofKind, textAt } from "../findings/facts.js";
import type { Rule } from "./rule.js";

/** Repositories that the world can read. */
export const privateRepositories: Rule = {
  name: "private-repositories",
  level: "mandatory",
  title: "no repository is public",
  reason: "manifests tell names, addresses and versions to attackers, and secrets are pushed by mistake",
  fix: "set repository.visibility to private or internal",
  violations: ({ plan }) =>
    ofKind(plan, "Repository")
      .filter((one) => one.type.startsWith("github:") && !["private", "internal"].includes(textAt(one, "visibility")))
      .map((resource) => ({
        resource,
        ...(resource.tenant === undefined
          ? { setting: "fleet:platformRepository.visibility" }
          : { field: ["repository", "visibility"] }),
        message: `the repository ${textAt(resource, "name")} is ${textAt(resource, "visibility") || "public"}`,
      })),
};
