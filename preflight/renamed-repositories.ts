import type { FleetSpec } from "../config/fleet-spec.js";
import type { Environment } from "../config/stack/environment.js";
import { definedOnly } from "../lib/data/defined-only.js";
import { type ExistingRepositories, findRepository, sameName } from "../lib/github/existing.js";
import type { StateIndex } from "../lib/state/stack-state.js";
import { currentName } from "./github.js";

/** New names of repositories that were renamed on GitHub, by their old name in lower case. */
export type RenamedRepositories = ReadonlyMap<string, string>;

/**
 * The repositories in the state that GitHub has under another name. There is one request for each repository in the
 * state that GitHub does not list, so usually none.
 * @throws FleetError with the repository and GitHub's answer
 */
export async function findRenamed(
  { github }: FleetSpec,
  { keys, managed }: StateIndex,
  repositories: ExistingRepositories,
  environment: Environment,
): Promise<RenamedRepositories> {
  const names = new Set([...managed.keys(), ...keys.map(({ repository }) => repository.toLowerCase())]);
  const missing = [...names].filter((name) => findRepository(repositories, name) === undefined);
  const found = missing.map(async (name) => [name, await currentName(github.owner, name, environment)] as const);
  const renamed = (await Promise.all(found)).flatMap(([name, current]) =>
    // A list that lags behind lacks a repository that GitHub shows under the same name.
    current === undefined || sameName(name, current) ? [] : [[name, current] as const],
  );
  return new Map(renamed);
}

/** The index of a state in which each renamed repository has its new name. Its deploy keys keep the old one. */
export function withNewNames(state: StateIndex, renamed: RenamedRepositories): StateIndex {
  const current = (name: string) => renamed.get(name.toLowerCase()) ?? name;
  const repositories = [...state.repositories.values()].map((one) => ({ ...one, name: current(one.name) }));
  return {
    ...state,
    repositories: new Map(repositories.map((one) => [one.name.toLowerCase(), one])),
    github: state.github.map((one) => {
      return { ...one, ...definedOnly({ repository: one.repository && current(one.repository).toLowerCase() }) };
    }),
    ids: new Map([...state.ids].map(([name, id]) => [current(name).toLowerCase(), id])),
    managed: new Map([...state.managed].map(([name, id]) => [current(name).toLowerCase(), id])),
    ...definedOnly({ platformRepository: state.platformRepository && current(state.platformRepository) }),
  };
}
