import { z } from "zod";
import type { Environment } from "../../config/stack/environment.js";
import { DEFAULT_LIMITS } from "../../lib/github/fetch.js";
import { fetchBy } from "../../lib/network/fetch.js";
import { JobError } from "../explain.js";

const answer = z.object({ value: z.string() });
const claims = z.object({ exp: z.number() });

/**
 * Asks GitHub for an OpenID Connect token of this job, for a cluster that trusts GitHub's issuer.
 * @see https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @returns an ExecCredential as JSON, for the `exec` of a kubeconfig's user
 * @throws JobError outside of a job with `id-token: write`, and when GitHub gives no token
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
  const address = new URL(url);
  address.searchParams.set("audience", audience);
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  const signal = AbortSignal.timeout(DEFAULT_LIMITS.timeoutMs);
  const response = await send(address.href, { headers, signal });
  if (!response.ok) throw new JobError(`GitHub answered the request for a token with ${response.status}.`);
  const { value } = answer.parse(await response.json());
  const { exp } = claims.parse(JSON.parse(Buffer.from(value.split(".")[1] ?? "", "base64url").toString("utf8")));
  const expirationTimestamp = new Date(exp * 1000).toISOString();
  const status = { token: value, expirationTimestamp };
  return `${JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status })}\n`;
}
