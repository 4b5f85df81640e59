import assert from "node:assert/strict";
import { fetch } from "undici";

/** A fault to come; see sandbox/github/rest/faults.ts. */
export interface FaultArgs {
  /** Which requests; `*` in the path stands for anything. @default all */
  readonly match?: { readonly method?: string; readonly path?: string };
  /** Answer with this HTTP status. */
  readonly status?: number;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
  /** ms to wait first. */
  readonly delayMs?: number;
  /** Close the connection without an answer. */
  readonly drop?: boolean;
  /** How many requests it hits. @default 1 */
  readonly times?: number;
}

/** A personal access token of a user, or the token of an App. */
export interface AccessTokenArgs {
  readonly token: string;
  /** @default - the account of the App */
  readonly login?: string;
  /** Name of a GitHub App. @default - a personal token */
  readonly app?: string;
  /** `{pull_requests: "write"}`. @default - none */
  readonly permissions?: Readonly<Record<string, "read" | "write">>;
  /** Names of the repositories that it is limited to. */
  readonly repositories: readonly string[];
  /** Whether it may push. @default false */
  readonly write?: boolean;
  /** ISO 8601. @default never */
  readonly expiresAt?: string;
}

/** A GitHub App, and its installation on the organisation. */
export interface AppArgs {
  readonly slug: string;
  /** PEM. */
  readonly publicKey: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  /** Seconds that its tokens live. @default an hour */
  readonly tokenSeconds?: number;
  /** Seconds that GitHub's clock is ahead of this machine's. @default 0 */
  readonly aheadSeconds?: number;
}

/** The requests since the last reset. */
export interface RequestReport {
  readonly total: number;
  /** Requests that may have changed something. */
  readonly writes: number;
  /** `GET /api/v3/repos/:owner/:repo` → how often. */
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: readonly { readonly method: string; readonly url: string; readonly status: number }[];
}

/** The GitHub of a test's sandbox. */
export class Emulator {
  readonly #base: string;
  readonly #owner: string;
  readonly #token: string;

  constructor({ GITHUB_BASE_URL = "", GITHUB_OWNER = "", GITHUB_TOKEN = "" }: Readonly<Record<string, string>>) {
    this.#base = GITHUB_BASE_URL;
    this.#owner = GITHUB_OWNER;
    this.#token = GITHUB_TOKEN;
  }

  /** The requests since the last reset. */
  async requests(): Promise<RequestReport> {
    return (await this.#send("GET", "_emulator/requests?limit=1000")).body as RequestReport;
  }

  async resetRequests(): Promise<void> {
    await this.#send("DELETE", "_emulator/requests");
  }

  async fault(fault: FaultArgs): Promise<void> {
    await this.#send("POST", "_emulator/faults", fault);
  }

  async clearFaults(): Promise<void> {
    await this.#send("DELETE", "_emulator/faults");
  }

  /** Makes the owner's token a classic one with these scopes. @param scopes undefined for a fine-grained token */
  async setScopes(scopes: readonly string[] | undefined): Promise<void> {
    await this.#send("PUT", "_emulator/scopes", { scopes });
  }

  /** Makes a personal access token, which GitHub makes on its pages only; see docs/github-emulator.md. */
  async makeAccessToken(token: AccessTokenArgs): Promise<void> {
    await this.#send("POST", "_emulator/tokens", token);
  }

  /** Makes and installs a GitHub App, or changes the one of the same slug. @returns its number, and that of the installation */
  async installApp(app: AppArgs): Promise<{ readonly id: number; readonly installationId: number }> {
    const { body } = await this.#send("POST", "_emulator/apps", app);
    return body as { readonly id: number; readonly installationId: number };
  }

  /** Revokes every personal access token. */
  async removeAccessTokens(): Promise<void> {
    await this.#send("DELETE", "_emulator/tokens");
  }

  /**
   * A call of the REST API as the organisation's owner. `:owner` in the path is the organisation: `repos/:owner/platform`.
   * @returns the answer's status and JSON, whatever the status
   */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    return this.#call(method, `api/v3/${path.replaceAll(":owner", this.#owner)}`, body);
  }

  async #send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const answer = await this.#call(method, path, body);
    assert.ok(
      answer.status < 300,
      `${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
    return answer;
  }

  async #call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  }
}
