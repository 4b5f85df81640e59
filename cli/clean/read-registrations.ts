import { z } from "zod";
import { GITHUB_OWNERSHIP_TOPIC } from "../../lib/kubernetes/ownership-labels.js";
import type { RegisteredHook, RegisteredKey } from "../../operate/clean/left-behind.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";
import { send } from "../github/request.js";
import type { GitHubReader } from "../verify/read-github.js";

const repository = z.object({ name: z.string(), topics: z.array(z.string()).default([]), archived: z.boolean() });
const key = z.object({
  id: z.number(),
  title: z.string(),
  key: z.string(),
  read_only: z.boolean(),
  created_at: z.string().default(""),
  last_used: z.string().nullish(),
});
const hook = z.object({
  id: z.number(),
  created_at: z.string().default(""),
  config: z.object({ url: z.string().default("") }),
  last_response: z.object({ code: z.number().nullish() }).nullish(),
});

/** The deploy keys and webhooks of a fleet's repositories. */
export interface Registrations {
  readonly keys: readonly RegisteredKey[];
  readonly hooks: readonly RegisteredHook[];
  /** Names of repositories that GitHub keeps as they are, because they are archived. */
  readonly archived: readonly string[];
  /** Names of repositories of the stack's files that GitHub does not show, such as to an App that does not cover them. */
  readonly unseen: readonly string[];
}

/** The arguments of {@link readRegistrations}. */
export interface RegistrationsArgs {
  /** Names of the repositories of the stack's files. Others of the fleet are found by their topic. */
  readonly names: readonly string[];
  /** Whether webhooks are read. */
  readonly withHooks: boolean;
}

/**
 * Reads the deploy keys and webhooks of every repository of a fleet: one request, and one or two for each repository. A
 * lost state no longer names the repositories of former tenants, so that the topic of the fleet does.
 * @throws FleetError with GitHub's answer
 */
export async function readRegistrations(
  { client, owner }: GitHubReader,
  { names, withHooks }: RegistrationsArgs,
): Promise<Registrations> {
  const reading = { action: `list the repositories of ${owner}`, permission: "Metadata: read" };
  const listed = await send(reading, z.array(repository), () => {
    return client.paginate("GET /orgs/{org}/repos", { org: owner, type: "all", per_page: 100 });
  });
  const own = new Set(names.map((name) => name.toLowerCase()));
  const ofFleet = listed.filter(({ name, topics }) => {
    return own.has(name.toLowerCase()) || topics.includes(GITHUB_OWNERSHIP_TOPIC);
  });
  const open = ofFleet.filter(({ archived }) => !archived).map(({ name }) => name);
  const keys = await fewAtATime(open, (name) => readKeys({ client, owner }, name), 4);
  const hooks = withHooks ? await fewAtATime(open, (name) => readHooks({ client, owner }, name), 4) : [];
  const archived = ofFleet.filter((one) => one.archived).map(({ name }) => name);
  const seen = new Set(listed.map(({ name }) => name.toLowerCase()));
  const unseen = [...new Set(names)].filter((name) => !seen.has(name.toLowerCase()));
  return { keys: keys.flat(), hooks: hooks.flat(), archived: archived.sort(), unseen: unseen.sort() };
}

type Place = Pick<GitHubReader, "client" | "owner">;

async function readKeys({ client, owner }: Place, repo: string): Promise<RegisteredKey[]> {
  const purpose = { action: `list the deploy keys of ${owner}/${repo}`, permission: "Administration: read" };
  const found = await send(purpose, z.array(key), () => {
    return client.paginate("GET /repos/{owner}/{repo}/keys", { owner, repo, per_page: 100 });
  });
  return found.map(({ id, title, key: text, read_only: readOnly, created_at: created, last_used: used }) => {
    // null is "never". Older GitHub Enterprise Servers do not tell.
    const lastUsed = used === null ? undefined : Date.parse(used ?? "");
    return { repository: repo, id, title, key: text, readOnly, created: Date.parse(created), lastUsed };
  });
}

async function readHooks({ client, owner }: Place, repo: string): Promise<RegisteredHook[]> {
  const purpose = { action: `list the webhooks of ${owner}/${repo}`, permission: "Webhooks: read" };
  const found = await send(purpose, z.array(hook), () => {
    return client.paginate("GET /repos/{owner}/{repo}/hooks", { owner, repo, per_page: 100 });
  });
  return found.map(({ id, created_at: created, config: { url }, last_response: last }) => {
    const code = last?.code ?? 0;
    return { repository: repo, id, url, created: Date.parse(created), isAnswered: code >= 200 && code < 300 };
  });
}
