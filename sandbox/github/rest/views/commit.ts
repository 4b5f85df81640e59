import type { ChangedFile, Commit } from "../../git/commit.js";
import type { UserRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { accountView } from "./user.js";

/** Where a commit is shown. */
export interface CommitContext {
  readonly urls: Urls;
  readonly owner: string;
  readonly repository: string;
  /** Finds the person behind an address. */
  readonly userByEmail: (email: string) => UserRecord | undefined;
}

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** A commit as `git/commits` and the contents endpoints show it. */
export function gitCommitView({ urls, owner, repository }: CommitContext, commit: Commit) {
  const api = urls.repository(repository);
  const page = urls.page(`${owner}/${repository}/commit`);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/git/commits/${sha}`, html_url: `${page}/${sha}` })),
    verification: unsigned,
  };
}

/** A commit as `commits` shows it. @param files what it changed; left out of lists */
export function commitView(context: CommitContext, commit: Commit, files?: readonly ChangedFile[]) {
  const { urls, owner, repository, userByEmail } = context;
  const api = urls.repository(repository);
  const url = `${api}/commits/${commit.sha}`;
  const page = urls.page(`${owner}/${repository}`);
  const account = (email: string) => {
    const user = userByEmail(email);
    return user === undefined ? null : accountView(urls, user, "User");
  };
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: account(commit.author.email),
    committer: account(commit.committer.email),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${page}/commit/${sha}` })),
    ...(files === undefined ? {} : changes(files, api, page, commit.sha)),
  };
}

function changes(files: readonly ChangedFile[], api: string, page: string, sha: string) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => {
      const path = file.path.split("/").map(encodeURIComponent).join("/");
      return {
        sha: file.sha,
        filename: file.path,
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        changes: file.additions + file.deletions,
        blob_url: `${page}/blob/${sha}/${path}`,
        raw_url: `${page}/raw/${sha}/${path}`,
        contents_url: `${api}/contents/${path}?ref=${sha}`,
      };
    }),
  };
}
