import type { Check } from "./check.js";

/** A right that the program needs of a token, and its purpose. */
export interface NeededRight {
  /** Scopes of a classic token, of which one is enough. */
  readonly scopes: readonly string[];
  /** Permission of a fine-grained token or of an App: `Administration: write`. */
  readonly permission: string;
  /** Purpose, after "for". */
  readonly purpose: string;
}

/** A right with the answer to a request that needs it for reading. */
export interface ProbedRight extends NeededRight {
  /** Status of GitHub's answer. Undefined where nothing was asked: without a repository, or where no request shows the right. */
  readonly status: number | undefined;
}

/** The facts that GitHub tells about a token. */
export interface GitHubFacts {
  readonly owner: string;
  /** @default - a token of an App tells none */
  readonly login: string | undefined;
  /** Scopes of a classic token. Undefined for any other. */
  readonly scopes: readonly string[] | undefined;
  /** Time of the token's end, as GitHub writes it. @default - it has none */
  readonly expires: string | undefined;
  /** Time of this machine, in milliseconds since 1970. */
  readonly now: number;
  readonly rights: readonly ProbedRight[];
}

/** Scopes that another one includes. @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
const included: Readonly<Record<string, readonly string[]>> = {
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
};

const dayMs = 86_400_000;
/** Days before the end of a token at which it should be replaced. */
const soonDays = 14;

/** Whether a token has the rights that the program needs. */
export function judgeGitHub(facts: GitHubFacts): readonly Check[] {
  const { login = "a GitHub App", scopes, owner } = facts;
  const kind = scopes === undefined ? "fine-grained or of an App" : "classic";
  const account: Check = { area: "GitHub", name: "token", result: "ok", detail: `${kind}, of ${login}, for ${owner}` };
  const rights = facts.rights.map((right) =>
    scopes === undefined ? permissionCheck(right) : scopeCheck(right, scopes),
  );
  return [account, expiryCheck(facts), ...rights];
}

function expiryCheck({ expires, now }: GitHubFacts): Check {
  const check = { area: "GitHub", name: "end of the token" } as const;
  if (expires === undefined) return { ...check, result: "ok", detail: "GitHub names none" };
  const days = Math.floor((Date.parse(expires) - now) / dayMs);
  if (Number.isNaN(days) || days > soonDays) return { ...check, result: "ok", detail: expires };
  const fix = "Make a new token, and set GITHUB_TOKEN to it";
  return { ...check, result: "warning", detail: `${expires}, in ${days} days`, fix };
}

function scopeCheck({ scopes: wanted, purpose }: NeededRight, scopes: readonly string[]): Check {
  const has = new Set(scopes.flatMap((scope) => [scope, ...(included[scope] ?? [])]));
  const check = { area: "GitHub", name: `scope ${wanted.join(" or ")}` } as const;
  if (wanted.some((scope) => has.has(scope))) return { ...check, result: "ok", detail: `for ${purpose}` };
  const fix = `Add the scope ${wanted[0]} to the token: it is for ${purpose}`;
  return { ...check, result: "problem", detail: "the token lacks it", fix };
}

/** GitHub answers 404 in place of 403 where a token may not know of the object. */
function permissionCheck({ permission, purpose, status }: ProbedRight): Check {
  const check = { area: "GitHub", name: `permission ${permission}` } as const;
  if (status === undefined) {
    return { ...check, result: "warning", detail: `could not be tried: it is for ${purpose}` };
  }
  if (status < 300) return { ...check, result: "ok", detail: `reading works; for ${purpose}` };
  const fix = `Give the token the permission ${permission}: it is for ${purpose}`;
  return { ...check, result: "problem", detail: `GitHub answered ${status}`, fix };
}
