/** Numbers of rulesets that GitHub has and the stack's state has not, by `REPOSITORY/RULESET`. */
export type Rulesets = ReadonlyMap<string, number>;

/** What the program must know of a repository that exists already; read before anything is registered. */
export interface ExistingRepository {
  /** Name as GitHub spells it. */
  readonly name: string;
  /** `ssh_url` of GitHub's answer. */
  readonly sshUrl: string;
  /** Page of the repository, for people. */
  readonly htmlUrl: string;
  readonly topics: readonly string[];
  /** Read-only; a tenant that was removed leaves its repository so. */
  readonly archived: boolean;
}
/** What the program must know of a team that exists already; read before anything is registered. */
export interface ExistingTeam {
  readonly id: number;
  /** By which GitHub addresses it. */
  readonly slug: string;
  /** Empty when it has none. */
  readonly description: string;
}
