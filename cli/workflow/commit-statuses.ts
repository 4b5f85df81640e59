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

const known = z.object({
  data: z.array(z.object({ context: z.string(), state: z.string(), description: z.string().nullable() })),
});

/**
 * Writes the result of each tenant's sync to the commit that it tried last. A status that GitHub has already is not written
 * again. A repository that refuses one does not hold up the others.
 * @returns a sentence about what was done
 * @throws CouldNotLookError when the cluster cannot be read, FleetError with all refusals of GitHub
 */
export async function writeCommitStatuses({ root, stack, environment }: CommitStatusesArgs): Promise<string> {
  const { spec, problems } = await loadStack(root, stack, { allowUnpinned: true });
  if (spec === undefined) throw new CouldNotLookError(problems.length > 0 ? problems : [hiddenTenants(stack)]);
  const api = statusApi(environment, requireOwner(spec, environment));
  const wanted = commitStatuses(spec, await readResults(spec, environment));
  const written = await fewAtATime(wanted, (status) => api.write(status).catch(refusal));
  const refusals = written.flatMap((one) => (typeof one === "boolean" ? [] : one.problems));
  if (refusals.length > 0) throw new FleetError(refusals);
  const count = written.filter((isNew) => isNew === true).length;
  return `${stack}: ${count} of ${wanted.length} commit statuses were new.`;
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

function refusal(error: unknown): FleetError {
  if (error instanceof FleetError) return error;
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

interface StatusApi {
  /** @returns whether GitHub did not have it yet */
  write(status: CommitStatus): Promise<boolean>;
}

/** The statuses of an owner's repositories, by the token in `GITHUB_TOKEN` or as the environment's GitHub App. */
function statusApi(environment: CommitStatusesArgs["environment"], owner: string): StatusApi {
  const client = gitHubClient({ ...environment, GITHUB_BASE_URL: serverOf(environment) });
  const variable = credentialVariable(environment);
  return {
    write: async ({ repository: repo, commit, ...status }) => {
      const purpose = { action: `set a status of ${owner}/${repo}`, permission: "Commit statuses: write", variable };
      const { data } = await send(purpose, known, () =>
        client.request("GET /repos/{owner}/{repo}/commits/{ref}/statuses", { owner, repo, ref: commit, per_page: 100 }),
      );
      // The newest comes first.
      const latest = data.find(({ context }) => context === status.context);
      if (latest?.state === status.state && latest.description === status.description) return false;
      await send(purpose, z.unknown(), () =>
        client.request("POST /repos/{owner}/{repo}/statuses/{sha}", { owner, repo, sha: commit, ...status }),
      );
      return true;
    },
  };
}
