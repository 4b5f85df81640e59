import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import type { Rulesets } from "../../lib/github/existing.js";
import { rulesetsOf } from "../../policies/rulesets.js";

/** A repository, and the protection of its default branch. */
export interface ProtectedBranchArgs {
  /** Name of the repository, known once it exists. */
  readonly repository: pulumi.Input<string>;
  /** Name of the repository in the spec, and the settings of its protection. */
  readonly spec: Parameters<typeof rulesetsOf>[0] & { readonly name: string };
  /** Existing rulesets that are imported. */
  readonly rulesetsToImport: Rulesets;
}

/** Registers the rulesets that protect a repository's default branch. Without protection there are none. */
export function protectedBranch(
  name: string,
  { repository, spec, rulesetsToImport }: ProtectedBranchArgs,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  return rulesetsOf(spec).map((ruleset) => {
    const id = rulesetsToImport.get(`${spec.name}/${ruleset.name}`);
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
