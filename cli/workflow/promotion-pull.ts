import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSameText, markedText } from "../../review/comment/marker.js";
import { gitOutput } from "../diff/git.js";
import { JobError } from "../explain.js";
import { authorOf, committer, isOwnCommit, ownPull, promotionMarker, trailerOf } from "./own-promotion.js";
import type { PullRequest, RepositoryApi } from "./repository-api.js";
import type { StackPair } from "./waves.js";

/** Files that `fleet promote` edits. Nothing else becomes a part of a pull request. */
const promotedFiles = ["stacks", "fleet", ":(glob)Pulumi.*.yaml"];

/** The clone and the stacks that a promotion's pull request is made from. */
export interface PromotionPullArgs extends StackPair {
  readonly api: RepositoryApi;
  /** Clone of the branch `base`. Its changed files are the promotion. */
  readonly root: string;
  /** Branch that the pull request is for. */
  readonly base: string;
  /** URL of the repository for Git. */
  readonly remote: string;
}

/**
 * Opens or updates the one pull request of a pair of stacks, with the changes that `fleet promote` made in the working tree. Without
 * changes, it closes the one that is open: its content is on the branch already, or was taken back. It touches no pull request
 * of a person, and keeps a text that a person edited.
 * @returns a sentence about what was done
 * @throws JobError when people have pushed to its branch, or opened a pull request from it
 */
export async function writePromotionPull(args: PromotionPullArgs): Promise<string> {
  const { api, root, from, to, base, remote } = args;
  const branch = `fleet/promote-${from}-to-${to}`;
  const repository = new URL(remote).pathname.replace(/^\/|\.git$/g, "");
  const [owner = ""] = repository.split("/");
  const open = ownPull(await api.openPulls(`${owner}:${branch}`, base), { repository, branch });
  const marker = promotionMarker(args);
  const author = open && authorOf(open, { marker, account: await api.account() });
  const files = await changedFiles(root);
  if (files.length === 0) {
    if (open === undefined) return `Nothing to promote from ${from} to ${to}.`;
    if (author === "person")
      return `Nothing to promote from ${from} to ${to}. ${open.html_url} is a person's, and stays.`;
    await api.updatePull(open.number, { state: "closed" });
    return `Nothing to promote from ${from} to ${to} any more: closed ${open.html_url}.`;
  }
  if (open !== undefined && author === "person") throw foreignPull(open, branch);
  const title = `Promote ${from} to ${to}`;
  const tree = await changedTree(root, files);
  const isNew = await pushCommit(args, { tree, branch, title });
  const changes = await gitOutput(root, ["diff", "--no-color", "--no-ext-diff", "HEAD", tree]);
  const body = markedText(marker, pullBody(args, changes));
  if (open === undefined) return `Opened ${(await api.createPull({ title, body, head: branch, base })).html_url}.`;
  const done = `${isNew ? "Updated" : "Up to date:"} ${open.html_url}.`;
  if (author === "edited") return `${done} A person edited its text, which stays.`;
  if (!isSameText(open.body ?? "", body) || open.title !== title) await api.updatePull(open.number, { title, body });
  return done;
}

function foreignPull({ html_url: page, user }: PullRequest, branch: string): JobError {
  return new JobError(
    `The pull request ${page} from the branch ${branch} is not this command's: ${user?.login ?? "an account that is gone"} opened it, or its text lost the mark.\nWhat to do: merge or close it, then run this again.`,
  );
}

function pullBody({ from, to }: StackPair, changes: string): string {
  const longestFence = [...changes.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 2);
  const fence = "`".repeat(longestFence + 1);
  const shown = changes.length > 50_000 ? `${changes.slice(0, 50_000)}\n(the rest is under "Files changed")` : changes;
  return `The files of \`${to}\` name what \`${from}\` has run for the time that \`fleet:soak\` of \`${to}\` asks for.\n\n${fence}diff\n${shown}\n${fence}\n\nWritten by \`npx fleet workflow promotion ${from} ${to}\`. The next run replaces the commit of this branch unless a person has pushed to it.\n`;
}

/** Pushes a tree as one commit on top of the branch. Returns false when the branch has it already. */
async function pushCommit(
  { api, root, remote, ...args }: PromotionPullArgs,
  { tree, branch, title }: { readonly tree: string; readonly branch: string; readonly title: string },
): Promise<boolean> {
  const access = gitAccess(await api.gitToken(), remote);
  const tip = await fetchTip(root, remote, branch, access);
  if (tip !== undefined && !isOwnCommit(await gitOutput(root, ["log", "-1", "--format=%ce%n%B", tip]), args)) {
    throw new JobError(
      `The branch ${branch} has a commit that this command did not make.\nWhat to do: merge or close its pull request, delete the branch, and run this again.`,
    );
  }
  const head = await gitOutput(root, ["rev-parse", "HEAD"]);
  if (tip !== undefined) {
    const [parent, before] = (await gitOutput(root, ["show", "-s", "--format=%P %T", tip])).split(" ");
    if (parent === head && before === tree) return false;
  }
  const message = ["-m", title, "-m", trailerOf(args)];
  const commit = await gitOutput(root, ["commit-tree", tree, "-p", head, ...message], committerVariables);
  const lease = `--force-with-lease=refs/heads/${branch}:${tip ?? ""}`;
  await gitOutput(root, ["push", "--quiet", lease, remote, `${commit}:refs/heads/${branch}`], access);
  return true;
}

/** The commit of the branch at the remote. Undefined when there is no such branch. */
async function fetchTip(root: string, remote: string, branch: string, access: Readonly<Record<string, string>>) {
  const listed = await gitOutput(root, ["ls-remote", remote, `refs/heads/${branch}`], access);
  if (listed === "") return undefined;
  await gitOutput(root, ["fetch", "--quiet", "--no-tags", remote, `refs/heads/${branch}`], access);
  return gitOutput(root, ["rev-parse", "FETCH_HEAD"]);
}

/** The promoted files that differ from the commit, deleted and new ones among them. */
async function changedFiles(root: string): Promise<readonly string[]> {
  const listed = await Promise.all([
    gitOutput(root, ["diff", "--name-only", "-z", "--no-renames", "HEAD", "--", ...promotedFiles]),
    gitOutput(root, ["ls-files", "--others", "--exclude-standard", "-z", "--", ...promotedFiles]),
  ]);
  return listed.flatMap((files) => files.split("\0")).filter((file) => file !== "");
}

/** The commit's tree with these files of the working tree. Neither index nor files change. */
async function changedTree(root: string, files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-promotion-"));
  try {
    const index = { GIT_INDEX_FILE: join(folder, "index"), GIT_LITERAL_PATHSPECS: "1" };
    await gitOutput(root, ["read-tree", "HEAD"], index);
    await gitOutput(root, ["add", "--all", "--", ...files], index);
    return await gitOutput(root, ["write-tree"], index);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const committerVariables = {
  GIT_AUTHOR_NAME: committer.name,
  GIT_AUTHOR_EMAIL: committer.email,
  GIT_COMMITTER_NAME: committer.name,
  GIT_COMMITTER_EMAIL: committer.email,
};

/** Variables that give the token to Git for one server, and neither to its arguments nor to a file. */
function gitAccess(token: string, remote: string): Readonly<Record<string, string>> {
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${new URL(remote).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
  };
}
