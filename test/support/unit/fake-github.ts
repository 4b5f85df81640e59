import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A request that a {@link FakeGitHub} got. */
export interface GitHubRequest {
  readonly repository: string;
  /** `GET /api/v3/repos/acme/platform?a=b`. */
  readonly line: string;
}

/** Answers of GraphQL: the head of the main branch by the name of the repository, a status, a body, or none ever. */
type FakeHeads = Readonly<Record<string, string>> | number | string;

/** A GitHub that answers every request about a repository with the same data, or with a status. */
export class FakeGitHub {
  readonly requests: GitHubRequest[] = [];
  readonly #server: Server;

  /**
   * @param answers answers by the name of the repository; 404 for any other
   * @param heads answers of GraphQL @default - 404
   */
  constructor(answers: Readonly<Record<string, unknown>>, heads: FakeHeads = 404) {
    this.#server = createServer(async (request, response) => {
      const { pathname, search } = new URL(request.url ?? "", "http://127.0.0.1");
      const repository = pathname.split("/")[5] ?? "";
      this.requests.push({ repository, line: `${request.method} ${pathname}${search}` });
      const isGraphQl = pathname === "/api/graphql";
      if (isGraphQl && typeof heads === "string") {
        if (heads === "silent") return;
        response.writeHead(200, { "content-type": "application/json" });
        response.end(heads);
        return;
      }
      const ofGraphQl = typeof heads === "string" ? 404 : heads;
      const answer = isGraphQl ? await graphQlAnswer(request, ofGraphQl) : (answers[repository] ?? 404);
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
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** The environment variables that lead a client here. */
  get environment(): { readonly GITHUB_TOKEN: string; readonly GITHUB_BASE_URL: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { GITHUB_TOKEN: "token-of-the-test", GITHUB_BASE_URL: `http://127.0.0.1:${port}/` };
  }
}

const field =
  /(\w+): repository\(owner: \$\w+, name: \$(\w+)\) \{ ref\(qualifiedName: \$(\w+)\) \{ target \{ oid \} \} \}/g;

/** As GitHub answers: null and an error for a repository that does not exist, and null for a branch. */
async function graphQlAnswer(request: IncomingMessage, heads: Exclude<FakeHeads, string>): Promise<unknown> {
  if (typeof heads === "number") return heads;
  const { query, variables } = (await json(request)) as { query: string; variables: Record<string, string> };
  const fields = [...query.matchAll(field)].map(([, alias = "", repository = "", ref = ""]) => {
    const [oid, isMain] = [heads[variables[repository] ?? ""], variables[ref] === "refs/heads/main"];
    return { alias, data: oid === undefined ? null : { ref: isMain ? { target: { oid } } : null } };
  });
  const errors = fields
    .filter(({ data }) => data === null)
    .map(({ alias }) => ({ type: "NOT_FOUND", path: [alias], message: "Could not resolve to a Repository" }));
  const data = Object.fromEntries(fields.map((one) => [one.alias, one.data]));
  return errors.length === 0 ? { data } : { data, errors };
}
