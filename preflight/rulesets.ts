import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { templateRepository, usedScaffolds } from "../config/tenant/repositories/scaffolds.js";
import { type ExistingRepositories, findRepository, type Rulesets, rulesetKey } from "../lib/github/existing.js";
import { handedOverComponent, repositoryType, type StackState } from "../lib/state/stack-state.js";
import { platformRulesets, rulesetsOf, templateRulesets } from "../policies/rulesets.js";
import { listRulesets } from "./github.js";
import type { RenamedRepositories } from "./renamed-repositories.js";

interface RulesetsArgs {
  readonly state: StackState;
  readonly renamed: RenamedRepositories;
  readonly environment: Environment;
}

/**
 * The rulesets that exist on GitHub but not in the stack's state. They are imported, because GitHub refuses a second
 * ruleset of the same name. There is one request for each existing repository of which the state lacks a ruleset: after
 * a lost state, or when a tenant file first asks for a ruleset.
 * @param state the stack's state, where a renamed repository may have its old name
 * @throws FleetError with the repository and GitHub's answer
 */
export async function findRulesetsToImport(
  spec: FleetSpec,
  repositories: ExistingRepositories,
  { state, renamed, environment }: RulesetsArgs,
): Promise<Rulesets> {
  const { ownsRepositories, owner } = spec.github;
  if (!ownsRepositories) return new Map();
  const inState = new Set(
    Object.entries(state)
      .filter(([urn]) => !urn.includes(`${handedOverComponent}$`))
      .map(([, resource]) => resource)
      .filter(({ type }) => type === "github:index/repositoryRuleset:RepositoryRuleset")
      .map(({ outputs: { repository, name } }) => {
        return rulesetKey(renamed.get(String(repository).toLowerCase()) ?? String(repository), String(name));
      }),
  );
  const ofStack = Object.values(state).filter(({ type }) => type === repositoryType);
  const managed = new Map(ofStack.map(({ type, outputs }) => [String(outputs.name).toLowerCase(), type]));
  const { repository: platform } = spec.platform;
  const ofPlatform = [
    { name: platform.name, rulesets: platformRulesets(platform, spec.github.host) },
    ...usedScaffolds(spec, managed).map((scaffold) => {
      return { name: templateRepository(scaffold), rulesets: templateRulesets(platform) };
    }),
  ];
  const ofTenants = [...spec.tenants, ...spec.tenantsElsewhere]
    .flatMap((tenant) => tenant.repositories)
    .filter(({ existing }) => !existing)
    .map((repository) => ({ name: repository.name, rulesets: rulesetsOf(repository) }));
  const found = [...ofPlatform, ...ofTenants]
    .filter(({ name }) => findRepository(repositories, name))
    .map(async (repository) => {
      const keyOf = ({ name }: { readonly name: string }) => rulesetKey(repository.name, name);
      const missing = repository.rulesets.map(keyOf).filter((key) => !inState.has(key));
      if (missing.length === 0) return [];
      const rulesets = await listRulesets(owner, repository.name, environment);
      return rulesets.map((one) => [keyOf(one), one.id] as const).filter(([key]) => missing.includes(key));
    });
  return new Map((await Promise.all(found)).flat());
}
