/** Ids of rulesets that exist on GitHub but not in the stack's state, by `REPOSITORY/RULESET`. */
export type Rulesets = ReadonlyMap<string, number>;

/** A repository that exists before the update. */
export interface ExistingRepository {
  /** GitHub's id, which a renaming keeps. Undefined where the server lists none. */
  readonly nodeId?: string | undefined;
  /** Name as GitHub spells it. */
  readonly name: string;
  /** `ssh_url` of GitHub's answer. */
  readonly sshUrl: string;
  /** URL of the repository's page. */
  readonly htmlUrl: string;
  readonly topics: readonly string[];
  /** Whether it is read-only. The repository of a removed tenant is. */
  readonly archived: boolean;
  /** Undefined where the server lists none. */
  readonly defaultBranch?: string | undefined;
  /** Size in kB, about. It is 0 for a repository without commits, and for a new one. */
  readonly size?: number | undefined;
}

/** A team that exists before the update. */
export interface ExistingTeam {
  /** GitHub's id, which a renaming keeps. Undefined where the server lists none. */
  readonly nodeId?: string | undefined;
  readonly id: number;
  /** Identifies the team in GitHub's API. */
  readonly slug: string;
  /** Empty when the team has none. */
  readonly description: string;
}

/** Existing repositories by their name in lower case, because GitHub's names are not case-sensitive. */
export type ExistingRepositories = ReadonlyMap<string, ExistingRepository>;

/** The objects of GitHub that exist before the update. */
export interface ExistingGitHub {
  readonly repositories: ExistingRepositories;
  /** Teams by their slug. */
  readonly teams: ReadonlyMap<string, ExistingTeam>;
  readonly rulesetsToImport: Rulesets;
  /** SSH host keys that the API of a GitHub Enterprise Server lists. @default - they were not looked up */
  readonly hostKeys?: readonly string[];
  /** Paths of the seed files that the platform repository already has. */
  readonly platformFiles: ReadonlySet<string>;
}

/** Key of a ruleset in {@link Rulesets}. GitHub does not tell upper from lower case in names of repositories. */
export function rulesetKey(repository: string, ruleset: string): string {
  return `${repository.toLowerCase()}/${ruleset}`;
}

/** Whether two names are one to GitHub, which does not tell upper from lower case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The existing repository of a name. Undefined when there is none. */
export function findRepository(repositories: ExistingRepositories, name: string): ExistingRepository | undefined {
  return repositories.get(name.toLowerCase());
}
