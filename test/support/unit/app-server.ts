import { generateKeyPairSync, verify } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { httpServer, type TestServers } from "./servers.js";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
/** The private key of every App of a test, as GitHub gives it: PKCS#1. */
export const appKey = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();

/** An answer, and its headers. */
interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The requests that a server got: method and path, and the token. */
export interface AppRequest {
  readonly line: string;
  readonly token: string;
}

/** The arguments of {@link appServer}. */
export interface AppServerArgs {
  /** Milliseconds that each token lives. @default one hour */
  readonly tokenMs?: number;
  /** Answers any other request than that for a token. */
  readonly answer: (request: AppRequest) => Answer;
}

/** A GitHub that gives tokens `token-1`, `token-2`, … to the App 7 with the installation 9, and the variables that lead to it. */
export async function appServer(servers: TestServers, { tokenMs = 3_600_000, answer }: AppServerArgs) {
  const requests: AppRequest[] = [];
  let tokens = 0;
  const { port } = await servers.started(
    httpServer((request, response) => {
      const one = requestOf(request);
      requests.push(one);
      const isTokenRequest = one.line === "POST /api/v3/app/installations/9/access_tokens";
      if (isTokenRequest && isSigned(one.token)) tokens += 1;
      const created = { token: `token-${tokens}`, expires_at: new Date(Date.now() + tokenMs).toISOString() };
      const given = isTokenRequest
        ? { status: isSigned(one.token) ? 201 : 401, body: isSigned(one.token) ? created : { message: "no" } }
        : answer(one);
      const { status = 200, headers = {} } = { headers: {}, ...given };
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(given.body));
    }),
  );
  const environment = {
    GITHUB_BASE_URL: `http://127.0.0.1:${port}/`,
    GITHUB_APP_ID: "7",
    GITHUB_APP_INSTALLATION_ID: "9",
    GITHUB_APP_PEM_FILE: appKey,
  };
  return { environment, requests };
}

function requestOf({ method, url, headers }: IncomingMessage): AppRequest {
  const [, token = ""] = (headers.authorization ?? "").split(" ");
  return { line: `${method} ${url?.split("?", 1)[0]}`, token };
}

/** Whether a JWT is that of the App 7. */
export function isSigned(jwt: string): boolean {
  const [head = "", body = "", signature = ""] = jwt.split(".");
  if (signature === "") return false;
  const { iss } = JSON.parse(Buffer.from(body, "base64url").toString()) as { readonly iss?: unknown };
  return (
    iss === "7" &&
    verify("RSA-SHA256", Buffer.from(`${head}.${body}`), pair.publicKey, Buffer.from(signature, "base64url"))
  );
}
