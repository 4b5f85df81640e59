import { z } from "zod";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { type GitHubClient, gitHubClient } from "../../lib/github/client.js";
import type { ExpectedRepository, LiveRepository, LiveRuleset } from "../../operate/verify/github-objects.js";
import type { KnownGitHub } from "../../review/record/assumed-github.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";
import { CouldNotLookError } from "../exit-code.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** GitHub, with a count of the requests. */
export interface GitHubReader {
  readonly owner: string;
  readonly requests: () => number;
  readonly client: GitHubClient;
}

/** A reader of an organisation. */
export function gitHubReader(owner: string, variables: Variables): GitHubReader {
  const client = gitHubClient(variables);
  let count = 0;
  client.hook.before("request", () => {
    count += 1;
  });
  return { owner, client, requests: () => count };
}

const repository = z.object({ name: z.string(), ssh_url: z.string(), html_url: z.string() });
const key = z.object({ title: z.string(), key: z.string(), read_only: z.boolean(), created_at: z.string().optional() });
const hook = z.object({
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({ url: z.string().default(""), insecure_ssl: z.union([z.string(), z.number()]).default("0") }),
});
const ruleset = z.object({
  name: z.string(),
  enforcement: z.string(),
  target: z.string().default("branch"),
  conditions: z
    .object({ ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).optional() })
    .nullish(),
  rules: z.array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).default({}) })).default([]),
  bypass_actors: z
    .array(z.object({ actor_id: z.number().nullable(), actor_type: z.string(), bypass_mode: z.string() }))
    .default([]),
});

/** The addresses of an organisation's repositories, by those of one of them. */
export async function knownGitHub({ owner, client }: GitHubReader, name: string, host: string): Promise<KnownGitHub> {
  const found = await asked(`show the repository ${owner}/${name}`, async () => {
    return repository.parse((await client.request("GET /repos/{owner}/{repo}", { owner, repo: name })).data);
  });
  const prefix = (url: string, ending: string) => url.slice(0, url.lastIndexOf(`${found.name}${ending}`));
  return { owner, host, clonePrefix: prefix(found.ssh_url, ".git"), pagePrefix: prefix(found.html_url, "") };
}

/** The deploy keys, rulesets, webhooks and newest commits of repositories. Read-only; about six requests for each. */
export async function readRepositories(
  reader: GitHubReader,
  expected: readonly ExpectedRepository[],
): Promise<ReadonlyMap<string, LiveRepository>> {
  const found = await fewAtATime(expected, (one) => readRepository(reader, one), 4);
  return new Map(expected.map(({ name }, index) => [name, found[index] as LiveRepository]));
}

async function readRepository(
  { owner, client }: GitHubReader,
  { name: repo, branches, hooks: wantedHooks, rulesets, isManaged }: ExpectedRepository,
): Promise<LiveRepository> {
  const place = { owner, repo, per_page: 100 };
  const of = `${owner}/${repo}`;
  const keys = await asked(`list the deploy keys of ${of}`, async () => {
    return z.array(key).parse(await client.paginate("GET /repos/{owner}/{repo}/keys", place));
  });
  const hooks = await asked(
    `list the webhooks of ${of}`,
    async () => z.array(hook).parse(await client.paginate("GET /repos/{owner}/{repo}/hooks", place)),
    wantedHooks.length === 0,
  );
  const heads = await fewAtATime([...new Set(branches.values())], async (branch) => {
    const commit = await asked(
      `show the branch ${branch} of ${of}`,
      async () => {
        const { data } = await client.request("GET /repos/{owner}/{repo}/commits/{ref}", { owner, repo, ref: branch });
        return z.object({ sha: z.string() }).parse(data);
      },
      true,
    );
    return [branch, commit?.sha] as const;
  });
  return {
    keys: (keys ?? []).map(({ title, key: text, read_only: readOnly, created_at: createdAt }) => {
      return { title, key: text, readOnly, createdAt };
    }),
    hooks: hooks?.map(({ active, events, config: { url, insecure_ssl } }) => {
      return { url, active, events, verifiesTls: String(insecure_ssl) === "0" };
    }),
    rulesets: isManaged ? await readRulesets(client, place, rulesets.length === 0) : undefined,
    heads: new Map(heads.flatMap(([branch, sha]) => (sha === undefined ? [] : [[branch, sha]]))),
  };
}

/**
 * GitHub's free plan has no rulesets for private repositories, and answers 403. Where the plan of the stack has rulesets, a
 * refusal proves nothing, and is an error.
 */
async function readRulesets(
  client: GitHubClient,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  isOptional: boolean,
): Promise<LiveRuleset[] | undefined> {
  const listed = await asked(
    `list the rulesets of ${owner}/${repo}`,
    async () => {
      const args = { owner, repo, includes_parents: false, per_page: 100 };
      return z
        .array(z.object({ id: z.number() }))
        .parse(await client.paginate("GET /repos/{owner}/{repo}/rulesets", args));
    },
    isOptional,
  );
  if (listed === undefined) return undefined;
  return await fewAtATime(listed, async ({ id }) => {
    const found = await asked(`show a ruleset of ${owner}/${repo}`, async () => {
      const args = { owner, repo, ruleset_id: id };
      return ruleset.parse((await client.request("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", args)).data);
    });
    return rulesetOf(found);
  });
}

function rulesetOf({
  name,
  enforcement,
  target,
  conditions,
  rules,
  bypass_actors,
}: z.output<typeof ruleset>): LiveRuleset {
  return {
    name,
    enforcement,
    target,
    include: conditions?.ref_name?.include ?? [],
    exclude: conditions?.ref_name?.exclude ?? [],
    rules: Object.fromEntries(rules.map(({ type, parameters }) => [type, parameters])),
    bypass: bypass_actors.map(({ actor_id, actor_type: type, bypass_mode: mode }) => {
      return { id: actor_id ?? 0, type, mode };
    }),
  };
}

/**
 * An answer of GitHub.
 * @param isOptional whether a refusal is no answer, instead of an error
 * @throws CouldNotLookError with the request and GitHub's answer
 */
async function asked<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer>;
async function asked<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  isOptional: boolean,
): Promise<Answer | undefined>;
async function asked<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  isOptional = false,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { status } = Object(error) as { readonly status?: unknown };
    if (isOptional && (status === 403 || status === 404 || status === 409)) return undefined;
    const [line = ""] = error instanceof z.ZodError ? ["the answer is not GitHub's"] : messageOf(error).split("\n", 1);
    const message = `GitHub did not ${what}: ${line.slice(0, 300)}`;
    const fix =
      status === 401
        ? "The token is wrong or has expired: write a new one into GITHUB_TOKEN, check a GitHub App by npx fleet doctor, or leave GitHub out: --without-github"
        : "The token or App needs the right to administer the repositories (classic: repo); or leave GitHub out: --without-github";
    throw new CouldNotLookError([{ file: "environment", path: "GITHUB_TOKEN", message, fix }]);
  }
}
