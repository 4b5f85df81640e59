import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { gitHubClient } from "../../lib/github/client.js";
import { credentialVariable, hasCredentials } from "../../lib/github/credentials.js";
import {
  type CommitStatus,
  commitStatuses,
  type SyncResults,
  waitingNamespaces,
} from "../../operate/status/commit-statuses.js";
import type { ClusterLimits, Sender } from "../cluster/api-client.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";
import { readList } from "../cluster/read-list.js";
import { CouldNotLookError } from "../exit-code.js";
import { undefinedIf } from "../github/refusal.js";
import { send } from "../github/request.js";
import { loadStack } from "../load-stack.js";
import { findClusters } from "../status/find-clusters.js";
import { serverOf } from "./repository-api.js";

/** The arguments of {@link writeCommitStatuses}. */
export interface CommitStatusesArgs {
  readonly root: string;
  readonly stack: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const limits: ClusterLimits = { answerMs: 15_000, loginMs: 30_000 };
const syncList = { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" };
const eventList = { group: "core", version: "v1", kind: "Event" };

/** A page of a commit's combined status, which has the newest status of each name. Undefined without the commit. */
const combined = z
  .object({
    data: z.object({
      statuses: z.array(z.object({ context: z.string(), state: z.string(), description: z.string().nullable() })),
    }),
  })
  .optional();
type KnownStatus = NonNullable<z.output<typeof combined>>["data"]["statuses"][number];
const perPage = 100;

interface CommitWithStatuses extends Pick<CommitStatus, "repository" | "commit"> {
  readonly statuses: readonly CommitStatus[];
}

/** The outcome for the statuses of one commit. */
interface Written {
  /** Statuses that GitHub did not have yet. */
  readonly count: number;
  /** Statuses that GitHub takes no more. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Writes the result of each tenant's sync to the commit that it tried last. A status that GitHub has already is not written
 * again. A repository that refuses one does not hold up the others.
 * @returns a sentence about the statuses that were written, and one for each that GitHub takes no more
 * @throws CouldNotLookError when the cluster cannot be read, FleetError with all refusals of GitHub
 */
export async function writeCommitStatuses({ root, stack, environment }: CommitStatusesArgs): Promise<string> {
  const { spec, problems } = await loadStack(root, stack, { allowUnpinned: true });
  if (spec === undefined) throw new CouldNotLookError(problems.length > 0 ? problems : [hiddenTenants(stack)]);
  const writeTo = statusWriter(environment, requireOwner(spec, environment));
  const wanted = commitStatuses(spec, await readResults(spec, environment));
  // One request reads what a commit has, for all syncs that tried it: requests in an hour are limited.
  const byCommit = new Map<string, CommitWithStatuses>();
  for (const status of wanted) {
    const { repository, commit } = status;
    const key = `${repository}@${commit}`;
    byCommit.set(key, { repository, commit, statuses: [...(byCommit.get(key)?.statuses ?? []), status] });
  }
  const written = await fewAtATime([...byCommit.values()], writeTo);
  const refusals = written.flatMap((one) => one.problems);
  if (refusals.length > 0) throw new FleetError(refusals);
  const count = written.reduce((sum, one) => sum + one.count, 0);
  const notes = written.flatMap((one) => one.notes).map((note) => `\n${note}`);
  return `${stack}: ${count} of ${wanted.length} commit statuses were new.${notes.join("")}`;
}

function hiddenTenants(stack: string): Problem {
  return { file: `Pulumi.${stack}.yaml`, path: "", message: "encrypted settings hide its tenants" };
}

/** @throws CouldNotLookError when neither the settings nor the environment name the organisation, or no credentials are set */
function requireOwner(spec: FleetSpec, environment: CommitStatusesArgs["environment"]): string {
  const owner = spec.github.owner || environment.GITHUB_OWNER || "";
  const missing = hasCredentials(environment) ? (owner ? undefined : "GITHUB_OWNER") : "GITHUB_TOKEN";
  if (missing === undefined) return owner;
  throw new CouldNotLookError([{ file: "environment", path: missing, message: "is not set", fix: "Set it" }]);
}

function refusal(error: unknown): Written {
  if (error instanceof FleetError) return { count: 0, notes: [], problems: error.problems };
  throw error;
}

/** @throws CouldNotLookError when no cluster of the stack can be read */
async function readResults(spec: FleetSpec, environment: CommitStatusesArgs["environment"]): Promise<SyncResults> {
  const { stack } = spec;
  const read = async (client: Sender): Promise<SyncResults | { readonly problem: string }> => {
    const listing = await readList(client, syncList);
    if ("problem" in listing) return listing;
    const namespaces = waitingNamespaces(spec, listing.items);
    const events = await Promise.all(namespaces.map((namespace) => readList(client, { ...eventList, namespace })));
    // Without the right to list events, the reason is Flux's own.
    return { syncs: listing.items, events: events.flatMap((one) => ("items" in one ? one.items : [])) };
  };
  const found = await findClusters({ stacks: [stack], chosen: new Map(), environment, limits, read });
  const cluster = found.get(stack) ?? { problem: "no context leads to its cluster" };
  try {
    const results = "client" in cluster ? await cluster.read : cluster;
    if ("syncs" in results) return results;
    throw new CouldNotLookError([{ file: stack, path: "", message: results.problem }]);
  } finally {
    if ("client" in cluster) cluster.client.end();
  }
}

/**
 * A function that writes the statuses of one commit, by the token in `GITHUB_TOKEN` or as the environment's GitHub App.
 * @param owner of the repositories
 */
function statusWriter(environment: CommitStatusesArgs["environment"], owner: string) {
  const client = gitHubClient({ ...environment, GITHUB_BASE_URL: serverOf(environment) });
  const variable = credentialVariable(environment);
  const purposeOf = (repo: string) => {
    return { action: `set a status of ${owner}/${repo}`, permission: "Commit statuses: write", variable };
  };
  /** The newest status of each name that a commit has. Undefined without the commit. */
  const read = async (repo: string, ref: string): Promise<KnownStatus[] | undefined> => {
    const purpose = purposeOf(repo);
    const known: KnownStatus[] = [];
    for (let page = 1; known.length === (page - 1) * perPage; page += 1) {
      const place = { owner, repo, ref, per_page: perPage, page };
      const answer = await send(purpose, combined, () =>
        client.request("GET /repos/{owner}/{repo}/commits/{ref}/status", place).catch(undefinedIf(422)),
      );
      if (answer === undefined) return undefined;
      known.push(...answer.data.statuses);
    }
    return known;
  };
  /** @returns whether GitHub takes it: of one name, a commit takes 1000 */
  const write = async ({ repository: repo, commit: sha, ...status }: CommitStatus): Promise<boolean> => {
    const purpose = purposeOf(repo);
    const place = { owner, repo, sha };
    const answer = await send(purpose, z.unknown(), () =>
      client.request("POST /repos/{owner}/{repo}/statuses/{sha}", { ...place, ...status }).catch(undefinedIf(422)),
    );
    return answer !== undefined;
  };
  const writeAll = async ({ repository, commit, statuses }: CommitWithStatuses): Promise<Written> => {
    const place = `${owner}/${repository}@${commit.slice(0, 7)}`;
    const known = await read(repository, commit);
    if (known === undefined) return { count: 0, notes: [`GitHub has no commit ${place} (422).`], problems: [] };
    const isNew = ({ context, state, description }: CommitStatus) =>
      !known.some((one) => one.context === context && one.state === state && one.description === description);
    const notes: string[] = [];
    let count = 0;
    for (const status of statuses.filter(isNew)) {
      if (await write(status)) count += 1;
      else notes.push(`GitHub takes no more statuses ${status.context} of ${place} (422).`);
    }
    return { count, notes, problems: [] };
  };
  return (commit: CommitWithStatuses): Promise<Written> => writeAll(commit).catch(refusal);
}
