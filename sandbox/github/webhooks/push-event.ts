import type { Emulator } from "../context.js";
import { bare } from "../context.js";
import { type Commit, changedFiles, readCommits } from "../git/commit.js";
import type { RefUpdate } from "../git/pack-service.js";
import { minimalRepositoryView } from "../rest/views/repository.js";
import { accountView } from "../rest/views/user.js";
import type { RepositoryRecord } from "../state/records.js";

const none = "0".repeat(40);
/** How many commits a payload lists; GitHub sends up to 2048, for which every commit's files would have to be read. */
const listed = 20;

/**
 * Notes that references have changed and tells the webhooks, one event for each reference, as GitHub does.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
 */
export async function announcePush(
  emulator: Emulator,
  repository: RepositoryRecord,
  updates: readonly RefUpdate[],
): Promise<void> {
  if (updates.length === 0) return;
  repository.pushedAt = emulator.catalogue.now();
  if (repository.hooks.length > 0) {
    for (const update of updates)
      emulator.webhooks.emit(repository, "push", await payload(emulator, repository, update));
  }
  await emulator.save();
}

async function payload(emulator: Emulator, repository: RepositoryRecord, { ref, before, after }: RefUpdate) {
  const { urls, owner, catalogue } = emulator;
  const page = urls.page(`${owner}/${repository.name}`);
  const git = bare(emulator, repository);
  // A new branch lists its tip alone: everything below may have been announced with another branch.
  const range = before === null ? ["--max-count=1"] : [`--max-count=${listed}`, "--not", before];
  const commits = after === null ? [] : (await readCommits(git, [after, ...range])).reverse();
  const views = await Promise.all(
    commits.map(async (commit) => pushedCommit(page, commit, await changedFiles(git, commit))),
  );
  const { organization } = catalogue.state;
  const { id, email } = catalogue.admin;
  return {
    ref,
    before: before ?? none,
    after: after ?? none,
    created: before === null,
    deleted: after === null,
    forced: before !== null && after !== null && !(await git.isAncestor(before, after)),
    base_ref: null,
    compare: `${page}/compare/${(before ?? none).slice(0, 12)}...${(after ?? none).slice(0, 12)}`,
    commits: views,
    head_commit: views.at(-1) ?? null,
    repository: {
      ...minimalRepositoryView({ urls, state: catalogue.state }, repository),
      created_at: repository.createdAt,
      pushed_at: repository.pushedAt,
    },
    pusher: { name: catalogue.admin.login, email },
    organization: {
      login: organization.login,
      id: organization.id,
      node_id: accountView(urls, organization, "Organization").node_id,
      url: urls.api(`orgs/${organization.login}`),
      repos_url: urls.api(`orgs/${organization.login}/repos`),
      events_url: urls.api(`orgs/${organization.login}/events`),
      hooks_url: urls.api(`orgs/${organization.login}/hooks`),
      issues_url: urls.api(`orgs/${organization.login}/issues`),
      members_url: urls.api(`orgs/${organization.login}/members{/member}`),
      public_members_url: urls.api(`orgs/${organization.login}/public_members{/member}`),
      avatar_url: urls.page(`avatars/${organization.id}`),
      description: null,
    },
    sender: accountView(urls, { id, login: catalogue.admin.login }, "User"),
  };
}

function pushedCommit(page: string, commit: Commit, files: Awaited<ReturnType<typeof changedFiles>>) {
  const paths = (status: string): string[] => files.filter((file) => file.status === status).map(({ path }) => path);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${page}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: paths("added"),
    removed: paths("removed"),
    modified: paths("modified"),
  };
}
