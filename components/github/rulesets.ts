import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import { type Rulesets, rulesetKey } from "../../lib/github/existing.js";
import { rulesetType, type StateIndex } from "../../lib/state/stack-state.js";
import type { Ruleset } from "../../policies/rulesets.js";
import { returningAlias } from "./leaving.js";

/** The rulesets of a repository's default branch, and the repository. */
export interface RulesetsArgs {
  readonly rulesets: readonly Ruleset[];
  /** Branch that clusters follow. It stays protected when an administrator makes another one the default branch. */
  readonly branch: string;
  /** Name of the repository, known once it exists. */
  readonly repository: pulumi.Input<string>;
  /** The same as plain text. */
  readonly repositoryName: string;
  /** Rulesets that exist and are not in the state. They are imported: GitHub refuses a second one of the same name. */
  readonly toImport: Rulesets;
  /** The rulesets in the state. */
  readonly state: Pick<StateIndex, "github">;
  /** The repository. When it is destroyed, it stays on GitHub, and so do its rulesets. */
  readonly deletedWith: pulumi.Resource | undefined;
}

/** Registers the rulesets that protect a repository's default branch. */
export function repositoryRulesets(
  name: string,
  { rulesets, branch, repository, repositoryName, toImport, state, deletedWith }: RulesetsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return rulesets.map((ruleset) => {
    const id = toImport.get(rulesetKey(repositoryName, ruleset.name));
    const settings = {
      ...ruleset,
      repository,
      target: "branch",
      enforcement: "active",
      conditions: { refName: { includes: ["~DEFAULT_BRANCH", `refs/heads/${branch}`], excludes: [] } },
    };
    const own = {
      ...opts,
      deleteBeforeReplace: true,
      ...(deletedWith && { deletedWith }),
      ...returningAlias(state, { type: rulesetType, repository: repositoryName, ending: `-ruleset-${ruleset.name}` }),
      ...(id === undefined ? {} : { import: `${repositoryName}:${id}` }),
    };
    return new github.RepositoryRuleset(`${name}-ruleset-${ruleset.name}`, settings, own);
  });
}
