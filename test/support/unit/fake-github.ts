import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a {@link FakeGitHub} got. */
export interface GitHubRequest {
  readonly repository: string;
  /** `GET /api/v3/repos/acme/platform?a=b`. */
  readonly line: string;
}

/** A GitHub that answers every request about a repository with the same data, or with a status. */
export class FakeGitHub {
  readonly requests: GitHubRequest[] = [];
  readonly #server: Server;

  /** @param answers answers by the name of the repository; 404 for any other */
  constructor(answers: Readonly<Record<string, unknown>>) {
    this.#server = createServer((request, response) => {
      const { pathname, search } = new URL(request.url ?? "", "http://127.0.0.1");
      const repository = pathname.split("/")[5] ?? "";
      this.requests.push({ repository, line: `${request.method} ${pathname}${search}` });
      const answer = answers[repository] ?? 404;
      response.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(typeof answer === "number" ? { message: "no" } : answer));
    });
  }

  /** Starts the server. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The environment variables that lead a client here. */
  get environment(): { readonly GITHUB_TOKEN: string; readonly GITHUB_BASE_URL: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { GITHUB_TOKEN: "token-of-the-test", GITHUB_BASE_URL: `http://127.0.0.1:${port}/` };
  }
}
