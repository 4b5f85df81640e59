import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { retry } from "@octokit/plugin-retry";
import { FleetError } from "../diagnostics/problem.js";
import { fetchBy } from "../network/fetch.js";
import { gitHubServer } from "./base-url.js";
import { type AppCredentials, readCredentials } from "./credentials.js";
import { DEFAULT_LIMITS, limitedFetch, type RequestLimits } from "./fetch.js";
import { appJwt, InstallationTokens } from "./installation-tokens.js";

/**
 * Status codes that no retry changes. GitHub answers 409 for a repository without a commit. `limitedFetch` waits for
 * rate limits (403, 429).
 */
const finalAnswers = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** Variables of the process, as `process.env` has them. */
type Variables = Readonly<Record<string, string | undefined>>;

/** A client of GitHub's REST API. */
export type GitHubClient = ReturnType<typeof gitHubClient>;

/** URL of the REST API that the client asks, without a slash at its end. */
export function restUrl({ GITHUB_BASE_URL: base }: Variables): string {
  return gitHubServer(base || undefined).rest;
}

/**
 * A client of GitHub's REST API with retries, time-outs and the proxy of the environment. It reads `GITHUB_BASE_URL`, and
 * `GITHUB_TOKEN` or the variables of a GitHub App. An App's tokens are renewed when they end, and when GitHub refuses one.
 * @throws FleetError for credentials that are wrong
 */
export function gitHubClient(environment: Variables, limits: RequestLimits = DEFAULT_LIMITS) {
  const { token, app, problems } = readCredentials(environment);
  if (problems.length > 0) throw new FleetError(problems);
  const options = optionsOf(environment, limits);
  if (app === undefined) return new GitHub({ ...options, auth: token });
  const tokens = tokensOf(environment, app, new GitHub(options));
  return new GitHub({ ...options, authStrategy: () => installationAuth(tokens) });
}

/**
 * A token that is valid now, for Git: that of the environment, or one of its App's installation.
 * @returns an empty text without credentials
 * @throws FleetError for credentials that are wrong, NoInstallationToken when GitHub gives the App none
 */
export async function gitToken(environment: Variables, limits: RequestLimits = DEFAULT_LIMITS): Promise<string> {
  const { token, app, problems } = readCredentials(environment);
  if (problems.length > 0) throw new FleetError(problems);
  if (app === undefined) return token ?? "";
  return await tokensOf(environment, app, new GitHub(optionsOf(environment, limits))).token();
}

/**
 * A client that acts as a GitHub App itself, and not as its installation.
 * @param now milliseconds since 1970
 */
export function appClient(environment: Variables, app: AppCredentials, now: number) {
  return new GitHub({ ...optionsOf(environment, DEFAULT_LIMITS), auth: appJwt(app, now) });
}

const GitHub = Octokit.plugin(paginateRest, retry);

function optionsOf(environment: Variables, limits: RequestLimits) {
  const request = { fetch: limitedFetch(fetchBy(environment), limits) };
  return { baseUrl: restUrl(environment), request, userAgent: "fleet", retry: { doNotRetry: finalAnswers } };
}

/** The tokens of an environment's App. A run makes many clients, and each token of an installation costs a request. */
const tokensByEnvironment = new WeakMap<Variables, InstallationTokens>();

function tokensOf(environment: Variables, app: AppCredentials, client: InstanceType<typeof GitHub>) {
  const known = tokensByEnvironment.get(environment);
  if (known !== undefined) return known;
  const tokens = new InstallationTokens(app, (route, parameters) => client.request(route, parameters));
  tokensByEnvironment.set(environment, tokens);
  return tokens;
}

type OctokitRequest = InstanceType<typeof GitHub>["request"];

/** A strategy of Octokit that sends each request with a token of the installation, and once more if that is refused. */
function installationAuth(tokens: InstallationTokens) {
  const hook = async (request: OctokitRequest, route: string, parameters?: Parameters<OctokitRequest>[1]) => {
    const endpoint = request.endpoint.merge(route, parameters);
    const send = async (token: string) => {
      const headers = { ...endpoint.headers, authorization: `token ${token}` };
      return await request({ ...endpoint, url: endpoint.url ?? "", headers });
    };
    const token = await tokens.token();
    try {
      return await send(token);
    } catch (error) {
      if (!(error instanceof Error && "status" in error && error.status === 401)) throw error;
      return await send(await tokens.token(token));
    }
  };
  const auth = async () => ({ type: "token", tokenType: "installation", token: await tokens.token() });
  return Object.assign(auth, { hook });
}
