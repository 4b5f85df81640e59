import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import type { Rulesets } from "../../lib/github/existing.js";
import { rulesetsOf } from "../../policies/rulesets.js";

/** Which repository is protected, and how. */
export interface ProtectedBranchArgs {
  /** Name of the repository, known once it exists. */
  readonly repository: pulumi.Input<string>;
  /** What is demanded of its default branch, and its name as the spec has it. */
  readonly spec: Parameters<typeof rulesetsOf>[0] & { readonly name: string };
  /** Those among its rulesets that are imported. */
  readonly rulesetsToImport: Rulesets;
}

/** Registers what protects a repository's default branch; nothing when it is not to be protected. */
export function protectedBranch(
  name: string,
  { repository, spec, rulesetsToImport: lost }: ProtectedBranchArgs,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  return rulesetsOf(spec).map((ruleset) => {
    const id = lost.get(`${spec.name}/${ruleset.name}`);
    return new github.RepositoryRuleset(
      `${name}-${ruleset.name}`,
      {
        ...ruleset,
        repository,
        target: "branch",
        enforcement: "active",
        conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
      },
      { ...opts, ...(id === undefined ? {} : { import: `${spec.name}:${id}` }) },
    );
  });
}
