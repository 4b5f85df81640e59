import { definedOnly } from "../../../lib/data/defined-only.js";

/** A registry's token service and its parameters. */
export interface BearerChallenge {
  /** URL of the token service as the registry wrote it, not checked. */
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}

/**
 * The Bearer challenge of a `WWW-Authenticate` header; undefined without one that has a realm.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function bearerChallenge(header: string | null): BearerChallenge | undefined {
  // A header may offer several schemes, separated by the same comma as the parameters of one.
  const [, parameters] = /(?:^|,)\s*Bearer\s+(.*)$/is.exec(header ?? "") ?? [];
  const found = new Map<string, string>();
  for (const [, name = "", quoted, bare] of (parameters ?? "").matchAll(parameter)) {
    const key = name.toLowerCase();
    // The first one counts: a realm that follows belongs to the scheme that follows.
    if (!found.has(key)) found.set(key, quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
  }
  const [realm, service, scope] = [found.get("realm"), found.get("service"), found.get("scope")];
  if (!realm) return undefined;
  return definedOnly({ realm, service, scope });
}

const parameter = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;
