import { sign } from "node:crypto";
import { z } from "zod";
import type { AppCredentials } from "./credentials.js";
import { failureOf } from "./failure.js";

/** A request of Octokit: its route and its parameters. */
type Request = (route: string, parameters: Readonly<Record<string, unknown>>) => Promise<unknown>;

const created = z.object({ data: z.object({ token: z.string().min(1), expires_at: z.string() }) });

/** Milliseconds before its end from which a token is replaced, so that none ends on its way. */
const marginMs = 10_000;

/** Seconds that the clock of this machine may be ahead of GitHub's, and that the JWT is valid. GitHub allows 600 at most. */
const [aheadSeconds, validSeconds] = [60, 540];

/**
 * The JWT with which an App identifies itself.
 * @param now milliseconds since 1970
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function appJwt({ appId, privateKey }: Omit<AppCredentials, "installationId">, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - aheadSeconds, exp: seconds + validSeconds, iss: appId };
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const text = `${encoded({ alg: "RS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
}

/**
 * GitHub gave an App no token. Its status is 401, whatever GitHub answered: callers take 403 and 404 for an answer about
 * the object that they asked for.
 */
export class NoInstallationToken extends Error {
  override readonly name = "NoInstallationToken";
  readonly status = 401;
}

/** The tokens of one installation. Requests that need one at the same time share it. */
export class InstallationTokens {
  readonly #app: AppCredentials;
  readonly #request: Request;
  readonly #now: () => number;
  #current: { readonly token: string; readonly ends: number } | undefined;
  #pending: Promise<string> | undefined;

  /**
   * @param request sends a request without credentials of its own
   * @param now milliseconds since 1970
   */
  constructor(app: AppCredentials, request: Request, now: () => number = Date.now) {
    this.#app = app;
    this.#request = request;
    this.#now = now;
  }

  /**
   * A token that is valid.
   * @param refused a token that GitHub refused, which is not used again @default - none
   * @throws NoInstallationToken when GitHub gives none, RequestError of Octokit when it fails or does not answer
   */
  async token(refused?: string): Promise<string> {
    const current = this.#current;
    if (current !== undefined && current.token !== refused && this.#now() < current.ends - marginMs)
      return current.token;
    this.#pending ??= this.#create().finally(() => {
      this.#pending = undefined;
    });
    return await this.#pending;
  }

  /** @see https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
  async #create(): Promise<string> {
    const route = "POST /app/installations/{installation_id}/access_tokens";
    const headers = { authorization: `bearer ${appJwt(this.#app, this.#now())}` };
    const asked = this.#request(route, { installation_id: this.#app.installationId, headers });
    const answer = await asked.catch((error: unknown) => {
      const { status, message } = failureOf(error);
      throw status < 500 ? noToken(message) : error;
    });
    const parsed = created.safeParse(answer);
    // Its text could repeat the token.
    if (!parsed.success) throw noToken("the answer is not that of GitHub's REST API");
    const { token, expires_at: end } = parsed.data.data;
    this.#current = { token, ends: Date.parse(end) };
    return token;
  }
}

function noToken(reason: string): NoInstallationToken {
  return new NoInstallationToken(`it gave the GitHub App no token: ${reason}`);
}
