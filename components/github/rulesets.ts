import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import { type Rulesets, rulesetKey } from "../../lib/github/existing.js";
import type { Ruleset } from "../../policies/rulesets.js";

/** The rulesets of a repository's default branch, and the repository. */
export interface RulesetsArgs {
  readonly rulesets: readonly Ruleset[];
  /** Name of the repository, known once it exists. */
  readonly repository: pulumi.Input<string>;
  /** The same as plain text. */
  readonly repositoryName: string;
  /** Rulesets that exist and are not in the state. They are imported: GitHub refuses a second one of the same name. */
  readonly toImport: Rulesets;
}

/** Registers the rulesets that protect a repository's default branch. */
export function repositoryRulesets(
  name: string,
  { rulesets, repository, repositoryName, toImport }: RulesetsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return rulesets.map((ruleset) => {
    const id = toImport.get(rulesetKey(repositoryName, ruleset.name));
    const settings = {
      ...ruleset,
      repository,
      target: "branch",
      enforcement: "active",
      conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
    };
    const own = {
      ...opts,
      deleteBeforeReplace: true,
      ...(id === undefined ? {} : { import: `${repositoryName}:${id}` }),
    };
    return new github.RepositoryRuleset(`${name}-ruleset-${ruleset.name}`, settings, own);
  });
}
