import type { FleetSpec } from "../config/fleet-spec.js";
import { type RepositoryPart, resourcesOf } from "../config/tenant/parts.js";
import { FleetError } from "../lib/diagnostics/problem.js";
import { gitHubClient } from "../lib/github/client.js";
import type { Rulesets } from "../lib/github/existing.js";
import { rulesetsOf } from "../policies/rulesets.js";
import type { Repositories } from "./github.js";

/** Every resource in the stack's state, by its URN: its type and outputs. */
export type StackState = Readonly<
  Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>
>;

/**
 * The rulesets that exist on GitHub but not in the stack's state. They are imported, because GitHub refuses a second
 * ruleset of the same name.
 *
 * GitHub is asked about existing repositories of which the state lacks a ruleset, with one request each. This happens
 * after a lost state, or when a tenant file first asks for a ruleset.
 * @param state reads the stack's state. It is read on every stack that creates repositories: the engine then keeps a
 *   provider resource of its own, which would otherwise appear and disappear
 * @throws FleetError with the repository and GitHub's answer
 * @see https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets
 */
export async function findRulesetsToImport(
  spec: FleetSpec,
  repositories: Repositories,
  { state, environment }: { readonly state: () => Promise<StackState>; readonly environment: Environment },
): Promise<Rulesets> {
  if (!spec.github.ownsRepositories) return new Map();
  const inState = rulesetsIn(await state());
  const missing = spec.tenants
    .flatMap((tenant) => resourcesOf(tenant).repositories)
    .filter(({ repository }) => !repository.existing && repositories.has(repository.name.toLowerCase()))
    .map(({ repository }) => ({ name: repository.name, keys: rulesetKeys(repository) }))
    .map(({ name, keys }) => ({ name, keys: keys.filter((key) => !inState.has(key)) }))
    .filter(({ keys }) => keys.length > 0);
  const found = await Promise.all(
    missing.map(async ({ name, keys }) => {
      const existing = await listRulesets(spec.github.owner, name, environment);
      return existing
        .map((ruleset) => [rulesetKey(name, ruleset.name), ruleset.id] as const)
        .filter(([key]) => keys.includes(key));
    }),
  );
  return new Map(found.flat());
}

/** `REPOSITORY/RULESET`, the key of {@link Rulesets}. */
function rulesetKey(repository: string, ruleset: string): string {
  return `${repository}/${ruleset}`;
}

function rulesetKeys(repository: RepositoryPart["repository"]): string[] {
  return rulesetsOf(repository).map(({ name }) => rulesetKey(repository.name, name));
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The keys of the rulesets in the state. */
function rulesetsIn(state: StackState): ReadonlySet<string> {
  const rulesets = Object.values(state).filter(
    ({ type }) => type === "github:index/repositoryRuleset:RepositoryRuleset",
  );
  return new Set(rulesets.map(({ outputs: { repository, name } }) => rulesetKey(String(repository), String(name))));
}

async function listRulesets(owner: string, repo: string, environment: Environment) {
  const client = gitHubClient(environment);
  try {
    return await client.paginate("GET /repos/{owner}/{repo}/rulesets", {
      owner,
      repo,
      includes_parents: false,
      per_page: 100,
    });
  } catch (error) {
    // The free plan knows no rulesets of private repositories; creating one will say so, with the way out.
    if (error instanceof Error && "status" in error && error.status === 403) return [];
    throw new FleetError([
      {
        file: "environment",
        path: "GITHUB_TOKEN",
        message: `GitHub did not list the rulesets of ${owner}/${repo}: ${String(error)}`,
        fix: "Check that the token may administer that repository",
      },
    ]);
  }
}
