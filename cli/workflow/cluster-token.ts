import { z } from "zod";
import type { Environment } from "../../config/stack/environment.js";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { DEFAULT_LIMITS } from "../../lib/github/fetch.js";
import { fetchBy } from "../../lib/network/fetch.js";
import { JobError } from "../explain.js";

const answer = z.object({ value: z.string() });
/** The end, in seconds since 1970. A later one than this has no date. */
const claims = z.object({ exp: z.number().int().min(0).max(8_640_000_000_000) });

/**
 * Asks GitHub for an OpenID Connect token of this job, for a cluster that trusts GitHub's issuer.
 * @see https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @returns an ExecCredential as JSON, for the `exec` of a kubeconfig's user
 * @throws JobError outside of a job with `id-token: write`, and when GitHub gives no token. It repeats no part of an answer
 */
export async function clusterToken(
  audience: string,
  environment: Environment,
  send = fetchBy(environment),
): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = "" } = environment;
  if (url === "" || token === "") {
    throw new JobError("This is no job with the permission id-token.\nWhat to do: give the job id-token: write.");
  }
  const value = await requestToken(url, { audience, token, send });
  const exp = endOf(value);
  if (exp === undefined) throw new JobError("GitHub answered the request for a token with something else.");
  const status = { token: value, expirationTimestamp: new Date(exp * 1000).toISOString() };
  return `${JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status })}\n`;
}

interface TokenRequest {
  readonly audience: string;
  /** The token of the job, which only asks for others. */
  readonly token: string;
  readonly send: typeof fetch;
}

/** The token in GitHub's answer. Empty for an answer of another form. @throws JobError without an answer, or with a refusal */
async function requestToken(url: string, { audience, token, send }: TokenRequest): Promise<string> {
  const address = new URL(url);
  address.searchParams.set("audience", audience);
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  const signal = AbortSignal.timeout(DEFAULT_LIMITS.timeoutMs);
  const response = await send(address.href, { headers, signal }).catch((error: unknown) => {
    throw new JobError(`GitHub did not answer the request for a token: ${messageOf(error)}.`);
  });
  if (!response.ok) throw new JobError(`GitHub answered the request for a token with ${response.status}.`);
  return answer.safeParse(await response.json().catch(() => undefined)).data?.value ?? "";
}

/** The end of a token, in seconds since 1970. Undefined for a text that is no such token. */
function endOf(value: string): number | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(value.split(".")[1] ?? "", "base64url").toString("utf8"));
    return claims.safeParse(payload).data?.exp;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
