import { createHash, timingSafeEqual } from "node:crypto";
import { badCredentials } from "./errors.js";

/** The principal of a request: the organisation's owner, or an anonymous client. */
export type Principal = "owner" | "anonymous";

/**
 * Reads the `Authorization` header: `Bearer TOKEN`, `token TOKEN`, or Basic with the token as password, as Git sends
 * it (or as user name, as some clients do).
 * @throws 401 for credentials that are not the token
 */
export function principalOf(authorization: string | undefined, token: string): Principal {
  if (authorization === undefined) return "anonymous";
  const [scheme = "", value = ""] = authorization.split(/\s+/, 2);
  const candidates = /^basic$/i.test(scheme)
    ? basicCredentials(value)
    : /^(bearer|token)$/i.test(scheme)
      ? [value]
      : [];
  if (candidates.some((candidate) => sameSecret(candidate, token))) return "owner";
  throw badCredentials();
}

function basicCredentials(value: string): string[] {
  const text = Buffer.from(value, "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? [text] : [text.slice(colon + 1), text.slice(0, colon)];
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameSecret(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
