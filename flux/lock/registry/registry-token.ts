import { z } from "zod";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { httpsRequest, type Transport } from "../../release/https.js";
import { bearerChallenge } from "./bearer-challenge.js";

/** A registry's request for a token. */
export interface TokenArgs {
  /** The requested URL, which names the registry in messages. */
  readonly address: string;
  /** Image without its registry: `fluxcd/source-controller`. */
  readonly repository: string;
  /** The registry's `WWW-Authenticate` header. */
  readonly challenge: string | null;
  readonly transport: Transport;
}

/** Larger than any token, in bytes. */
const maxBytes = 1024 * 1024;
const needsNoAccount = "Check that the image exists and that everybody may pull it: fleet lock uses no account";

/** Only what a header can carry, so that no message of the runtime ever has to quote it. */
const token = z.string().regex(/^[\x21-\x7e]+$/, "is no token");
const tokenAnswer = z
  .object({ token: token.optional(), access_token: token.optional() })
  .transform((answer) => answer.token ?? answer.access_token);

/**
 * A token to pull `repository`, without credentials, because registries ask for one even for public images.
 * @throws FleetError when the registry does not say where to get it, that is not https, or none is given
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function anonymousToken({ address, repository, challenge, transport }: TokenArgs): Promise<string> {
  const fail = (file: string, message: string) => new FleetError([{ file, path: "", message, fix: needsNoAccount }]);

  const wanted = bearerChallenge(challenge);
  if (!wanted) throw fail(address, "requires an account: it offers no anonymous token");
  const { realm, service, scope = `repository:${repository}:pull` } = wanted;
  if (!URL.canParse(realm) || new URL(realm).protocol !== "https:") {
    throw fail(address, `names a token service that is no https URL: ${realm}`);
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope);
  const answer = await httpsRequest(url.href, { transport, maxBytes, advice: "Check the network and try again" });
  if (answer.status !== 200) throw fail(url.href, `gives no token without an account: ${answer.statusLine}`);
  const given = tokenAnswer.safeParse(json(answer.body));
  if (!given.success || given.data === undefined) throw fail(url.href, "answered 200 without a token");
  return given.data;
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
