import type { FleetSpec } from "../config/fleet-spec.js";
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
 * Rulesets of ours that GitHub has and the stack's state has not: they are imported, because GitHub refuses a second
 * one of the same name.
 *
 * Only repositories that exist, and of which the state lacks a ruleset, are asked for, at one request each: so it costs
 * nothing but after a lost state, or when a file first asks for a ruleset.
 * @param state reads the stack's state; asked for on every stack that creates repositories, because the engine keeps a
 *   resource of its own for the question, which would otherwise come and go
 * @throws FleetError naming the repository and what GitHub answered
 * @see https://docs.github.com/en/rest/repos/rules#get-all-repository-rulesets
 */
export async function lostRulesets(
  spec: FleetSpec,
  repositories: Repositories,
  { state, environment }: { readonly state: () => Promise<StackState>; readonly environment: Environment },
): Promise<Rulesets> {
  if (!spec.github.ownsRepositories) return new Map();
  const known = rulesetsIn(await state());
  const wanted = spec.tenants
    .flatMap(({ repositories }) => repositories)
    .filter((repository) => !repository.existing && repositories.has(repository.name.toLowerCase()))
    .map((repository) => ({ name: repository.name, rulesets: rulesetsOf(repository).map(({ name }) => name) }));
  const lost = wanted.filter(({ name, rulesets }) => rulesets.some((ruleset) => !known.has(`${name}/${ruleset}`)));
  const found = await Promise.all(
    lost.map(async ({ name, rulesets }) => {
      const there = await listRulesets(spec.github.owner, name, environment);
      return there
        .filter((ruleset) => rulesets.includes(ruleset.name) && !known.has(`${name}/${ruleset.name}`))
        .map((ruleset) => [`${name}/${ruleset.name}`, ruleset.id] as const);
    }),
  );
  return new Map(found.flat());
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `REPOSITORY/RULESET` of each ruleset in the state. */
function rulesetsIn(state: StackState): ReadonlySet<string> {
  const rulesets = Object.values(state).filter(
    ({ type }) => type === "github:index/repositoryRuleset:RepositoryRuleset",
  );
  return new Set(rulesets.map(({ outputs: { repository, name } }) => `${String(repository)}/${String(name)}`));
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
