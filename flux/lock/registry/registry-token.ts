import { z } from "zod";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { parseUrl } from "../../../lib/network/parse-url.js";
import { type HttpsAnswer, httpsRequest, type Transport } from "../../release/https.js";

/** A registry's request for a token: the requested URL, an image without its registry, and `WWW-Authenticate`. */
interface TokenArgs {
  readonly address: string;
  readonly repository: string;
  readonly challenge: string | null;
  readonly transport: Transport;
}

/** The largest accepted body of a registry's answer, in bytes: larger than any token. */
export const maxBytes = 1024 * 1024;

/** Only what a header can carry, so that no message of the runtime ever has to quote it. */
const token = z.string().regex(/^[\x21-\x7e]+$/, "is no token");
const tokenAnswer = z
  .object({ token: token.optional(), access_token: token.optional() })
  .transform((answer) => answer.token ?? answer.access_token);

/**
 * Sends a request to a registry, and sends it again with a token if the registry wants one.
 * @param ask sends the request with further headers
 * @throws FleetError as {@link anonymousToken}
 */
export async function askRegistry(
  args: Omit<TokenArgs, "challenge">,
  ask: (headers: Readonly<Record<string, string>>) => Promise<HttpsAnswer>,
): Promise<HttpsAnswer> {
  const first = await ask({});
  if (first.status !== 401) return first;
  const token = await anonymousToken({ ...args, challenge: first.headers.get("www-authenticate") });
  return await ask({ authorization: `Bearer ${token}` });
}

/**
 * A token to pull `repository`, without credentials, because registries ask for one even for public images.
 * @throws FleetError when the registry does not say where to get it, that is not https, or none is given
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
async function anonymousToken({ address, repository, challenge, transport }: TokenArgs): Promise<string> {
  const fix = "Check that the image exists and that everybody may pull it: fleet lock uses no account";
  const fail = (file: string, message: string) => fleetError(file, "", message, fix);

  const wanted = bearerChallenge(challenge);
  if (!wanted) throw fail(address, "requires an account: it offers no anonymous token");
  const { realm, service, scope = `repository:${repository}:pull` } = wanted;
  const url = parseUrl(realm);
  if (url?.protocol !== "https:") throw fail(address, `names a token service that is no https URL: ${realm}`);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope);
  const answer = await httpsRequest(url.href, { transport, maxBytes, advice: "Check the network and try again" });
  if (answer.status !== 200) throw fail(url.href, `gives no token without an account: ${answer.statusLine}`);
  const given = tokenAnswer.safeParse(json(answer.body));
  if (!given.success || given.data === undefined) throw fail(url.href, "answered 200 without a token");
  return given.data;
}

const parameter = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/**
 * The Bearer challenge of a `WWW-Authenticate` header: the URL of the token service as the registry wrote it, and its
 * parameters. Undefined without one that has a realm.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function bearerChallenge(header: string | null) {
  // A header may offer several schemes, separated by the same comma as the parameters of one.
  const [, parameters = ""] = /(?:^|,)\s*Bearer\s+(.*)$/is.exec(header ?? "") ?? [];
  const found = new Map<string, string>();
  for (const [, name = "", quoted, bare] of parameters.matchAll(parameter)) {
    const key = name.toLowerCase();
    // The first one counts: a realm that follows belongs to the scheme that follows.
    if (!found.has(key)) found.set(key, quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
  }
  const realm = found.get("realm");
  return realm ? definedOnly({ realm, service: found.get("service"), scope: found.get("scope") }) : undefined;
}

/** The value of a JSON text; nothing when it is none, which then is no token either. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
