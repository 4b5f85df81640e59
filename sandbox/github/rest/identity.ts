import { timingSafeEqual } from "node:crypto";
import { accessTokenOf, digestOf } from "../state/access-tokens.js";
import type { AccessTokenRecord, State } from "../state/records.js";
import { badCredentials } from "./errors.js";

/** The principal of a request: the organisation's owner, a person by an access token, or an anonymous client. */
export type Principal = "owner" | "anonymous" | AccessTokenRecord;

/** The credentials that the emulator takes. */
export interface Credentials {
  /** The owner's token. */
  readonly token: string;
  /** Where personal access tokens are. @default - they are refused */
  readonly state?: Pick<State, "tokens">;
}

/**
 * Reads the `Authorization` header: `Bearer TOKEN`, `token TOKEN`, or Basic with the token as password, as Git sends
 * it (or as user name, as some clients do).
 * @throws 401 for credentials that are no token
 */
export function principalOf(authorization: string | undefined, { token, state }: Credentials): Principal {
  if (authorization === undefined) return "anonymous";
  const [scheme = "", value = ""] = authorization.split(/\s+/, 2);
  const candidates = /^basic$/i.test(scheme)
    ? basicCredentials(value)
    : /^(bearer|token)$/i.test(scheme)
      ? [value]
      : [];
  if (candidates.some((candidate) => sameSecret(candidate, token))) return "owner";
  const [found] = candidates.flatMap((candidate) => (state && accessTokenOf(state, candidate)) ?? []);
  if (found !== undefined) return found;
  throw badCredentials();
}

function basicCredentials(value: string): string[] {
  const text = Buffer.from(value, "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? [text] : [text.slice(colon + 1), text.slice(0, colon)];
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(one)), Buffer.from(digestOf(other)));
}
