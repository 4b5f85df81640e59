import { z } from "zod";
import { gitHubClient } from "../../lib/github/client.js";
import { failureOf } from "../../lib/github/failure.js";
import { DEFAULT_LIMITS } from "../../lib/github/fetch.js";
import type { ServerTime } from "../../operate/doctor/judge-clock.js";
import type { GitHubFacts, ProbedRight } from "../../operate/doctor/judge-github.js";
import type { RightProbe } from "./needed-rights.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The facts of GitHub, or why it told none. */
export type GitHubRead = { readonly facts: GitHubFacts; readonly time: ServerTime } | { readonly reason: string };

/** The arguments of {@link readGitHub}. */
export interface ReadGitHubArgs {
  readonly owner: string;
  /** Name of the platform's repository. */
  readonly platform: string;
  readonly rights: readonly RightProbe[];
  readonly environment: Environment;
  readonly timeoutMs: number;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

type Answered = z.output<typeof answered>;
const answered = z.object({
  status: z.number(),
  data: z.unknown(),
  headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
});
const user = z.object({ login: z.string() });

/**
 * Asks GitHub whose token it is, when it ends, and what it may read: one request, and one for each right. A token of an
 * App has no user.
 */
export async function readGitHub({ owner, platform, rights, ...args }: ReadGitHubArgs): Promise<GitHubRead> {
  const client = gitHubClient(args.environment, { ...DEFAULT_LIMITS, timeoutMs: args.timeoutMs, maxWaitMs: 0 });
  const ask = async (path: string): Promise<Answered> => {
    const options = { owner, platform, per_page: 1, request: { retries: 0 } };
    return await client.request(`GET ${path}`, options).then(
      (answer) => answered.parse(answer),
      (error: unknown) => ({ ...failureOf(error), data: failureOf(error).message }),
    );
  };
  const account = await ask("/user");
  if (account.status === 401) return { reason: "it refused the token (401): it is wrong, or it has ended" };
  if (account.status >= 500) return { reason: `it did not answer: ${String(account.data)}` };
  const time = { date: textOf(account, "date"), now: args.now() };
  const probed = await Promise.all(
    rights.map(async (right): Promise<ProbedRight> => ({ ...right, status: await statusOf(right, ask) })),
  );
  const scopes = textOf(account, "x-oauth-scopes");
  const facts = {
    owner,
    login: user.safeParse(account.data).data?.login,
    scopes: scopes
      ?.split(",")
      .map((scope) => scope.trim())
      .filter((scope) => scope !== ""),
    expires: textOf(account, "github-authentication-token-expiration"),
    now: args.now(),
    rights: probed,
  };
  return { facts, time };
}

/** A repository that does not exist yet shows nothing of a right, neither does an empty one, nor a right without request. */
async function statusOf({ path }: RightProbe, ask: (path: string) => Promise<Answered>): Promise<number | undefined> {
  if (path === undefined) return undefined;
  const { status } = await ask(path);
  if (status !== 404 || !path.includes("{platform}")) return status;
  const repository = await ask("/repos/{owner}/{platform}");
  return repository.status < 300 && !path.endsWith("/contents") ? status : undefined;
}

function textOf({ headers }: Answered, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : String(value).slice(0, 200);
}
