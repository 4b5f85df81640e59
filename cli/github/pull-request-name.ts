/** A pull request of a repository: `acme/fleet#12`. */
export interface PullRequestName extends RepositoryName {
  readonly number: number;
}

/** A repository of GitHub: `acme/fleet`. */
export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** Logins, with the underscore that those of an enterprise's own users have, and repositories as GitHub names them. */
const form = /^(?<owner>[A-Za-z0-9][A-Za-z0-9_-]{0,99})\/(?<repo>(?!\.{1,2}$)[A-Za-z0-9._-]{1,100})$/;

/** The repository of a text `OWNER/REPO`. Undefined for any other text. */
export function parseRepository(text: string): RepositoryName | undefined {
  const { owner, repo } = form.exec(text)?.groups ?? {};
  return owner === undefined || repo === undefined ? undefined : { owner, repo };
}

/** The pull request of a text `OWNER/REPO#NUMBER`. Undefined for any other text. */
export function parsePullRequest(text: string): PullRequestName | undefined {
  const [, name = "", digits = ""] = /^(.+)#([1-9]\d{0,9})$/.exec(text) ?? [];
  const repository = parseRepository(name);
  return repository && { ...repository, number: Number(digits) };
}

/** The name for people. */
export function nameOf({ owner, repo, number }: PullRequestName): string {
  return `${owner}/${repo}#${number}`;
}
