import { isDeepStrictEqual } from "node:util";
import { parseUrl } from "../../lib/network/parse-url.js";
import { type Finding, type FindingKind, finding, type Owner } from "./finding.js";
import { judgeKeys } from "./github-keys.js";
import type { ExpectedRepository, LiveHook, LiveRepository, LiveRuleset } from "./github-objects.js";

/** Another stack of the checkout, which has deploy keys and webhooks of its own at the same repositories. */
export interface OtherStack {
  readonly stack: string;
  /** Names of its tenants. */
  readonly tenants: readonly string[];
  /** Address of its cluster's receivers. @default - it has no webhooks */
  readonly webhookUrl?: string | undefined;
}

/** The facts that findings about GitHub depend on. */
export interface GitHubArgs {
  readonly organisation: string;
  readonly stack: string;
  readonly others: readonly OtherStack[];
  /** Time of the look, in milliseconds since 1970. */
  readonly now: number;
  /** The oldest age of a deploy key, in days. @default - any */
  readonly maxKeyDays?: number | undefined;
}

/** The deploy keys, rulesets and webhooks that differ from those of a plan. */
export function findGitHubDrift(
  expected: readonly ExpectedRepository[],
  live: ReadonlyMap<string, LiveRepository>,
  args: GitHubArgs,
): Finding[] {
  return expected.flatMap((repository) => {
    const found = live.get(repository.name);
    if (found === undefined) return [];
    return [
      ...judgeKeys(repository, found, args),
      ...judgeRulesets(repository, found, args),
      ...judgeHooks(repository, found, args),
    ];
  });
}

function judgeRulesets(
  { name, rulesets, owner, isManaged }: ExpectedRepository,
  { rulesets: live }: LiveRepository,
  { organisation }: GitHubArgs,
): Finding[] {
  if (!isManaged) return [];
  const told = (kind: FindingKind, ruleset: string, difference: string, fix: string, whose: Owner = owner) =>
    finding(kind, { object: `ruleset "${ruleset}" of ${organisation}/${name}`, owner: whose, difference, fix });
  const missing = rulesets.flatMap((wanted) => {
    const found = live?.find((one) => one.name === wanted.name);
    if (found === undefined) {
      return [told("ruleset-missing", wanted.name, "does not exist", "pulumi up --refresh", wanted.owner)];
    }
    const differences = rulesetDifferences(wanted.ruleset, found);
    if (differences.length === 0) return [];
    const fix = "pulumi up --refresh takes it back";
    return [told("ruleset-changed", wanted.name, differences.join("; "), fix, wanted.owner)];
  });
  const foreign = (live ?? []).filter((one) => rulesets.every((wanted) => wanted.name !== one.name));
  return [
    ...missing,
    ...foreign.map((one) => {
      const fix = "remove it in the settings of the repository, or add its rules to the file (protection)";
      return told("ruleset-foreign", one.name, "no file asks for it", fix);
    }),
  ];
}

function rulesetDifferences(wanted: LiveRuleset, live: LiveRuleset): string[] {
  const scalars = (["enforcement", "target"] as const).flatMap((field) => {
    return wanted[field] === live[field] ? [] : [`${field} is ${live[field]} instead of ${wanted[field]}`];
  });
  const isSameBranch = isDeepStrictEqual([wanted.include, wanted.exclude], [live.include, live.exclude]);
  const names = (actors: LiveRuleset["bypass"]) => actors.map((one) => `${one.type} ${one.id} (${one.mode})`).sort();
  const [may, mayNow] = [names(wanted.bypass), names(live.bypass)];
  return [
    ...scalars,
    ...(isSameBranch
      ? []
      : [`branches are ${live.include.join(", ") || "none"} without ${live.exclude.join(", ") || "exceptions"}`]),
    ...(isDeepStrictEqual(may, mayNow)
      ? []
      : [`${mayNow.join(", ") || "no actor"} may bypass it instead of ${may.join(", ") || "no actor"}`]),
    ...ruleDifferences(wanted.rules, live.rules),
  ];
}

type Rules = LiveRuleset["rules"];

function ruleDifferences(wanted: Rules, live: Rules): string[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(live)])].sort();
  return names.flatMap((name) => {
    const [mine, theirs] = [wanted[name], live[name]];
    if (theirs === undefined) return [`lacks the rule ${name}`];
    if (mine === undefined) return [`has the rule ${name}, which no file declares`];
    const differing = Object.entries(mine).filter(([field, value]) => !isDeepStrictEqual(value, theirs[field]));
    return differing.map(([field, value]) => {
      return `${name}.${field} is ${JSON.stringify(theirs[field])} instead of ${JSON.stringify(value)}`;
    });
  });
}

function judgeHooks(
  { name, hooks, owner }: ExpectedRepository,
  { hooks: live }: LiveRepository,
  { organisation, others, stack }: GitHubArgs,
): Finding[] {
  if (live === undefined) return [];
  const told = (kind: FindingKind, url: string, difference: string, fix: string, whose: Owner = owner) =>
    finding(kind, { object: `webhook ${shortUrl(url)} of ${organisation}/${name}`, owner: whose, difference, fix });
  const known = new Set(hooks.map(({ url }) => url));
  const missing = hooks.flatMap((wanted) => {
    const found = live.find(({ url }) => url === wanted.url);
    if (found === undefined) {
      return [told("webhook-missing", wanted.url, "does not exist", "pulumi up --refresh", wanted.owner)];
    }
    const differences = hookDifferences(wanted, found);
    if (differences.length === 0) return [];
    return [
      told("webhook-changed", wanted.url, differences.join("; "), "pulumi up --refresh takes it back", wanted.owner),
    ];
  });
  const foreign = live.filter(({ url }) => !known.has(url) && !others.some((other) => isReceiverOf(other, url)));
  const byHand = "remove it in the settings of the repository, unless its author and its purpose are known";
  return [
    ...missing,
    ...foreign.map(({ url }) => {
      // A lost state left it behind. The command removes it, and knows whether a Receiver has its path.
      const isLeftBehind = hooks.some((wanted) => isReceiverOf({ webhookUrl: wanted.url }, url));
      const fix = isLeftBehind ? `npx fleet clean ${stack}, or ${byHand}` : byHand;
      return told("webhook-foreign", url, "no file asks for it", fix);
    }),
  ];
}

/** The receivers of other stacks have paths of the same form, at their own address. Their own `fleet verify` judges them. */
function isReceiverOf({ webhookUrl }: Pick<OtherStack, "webhookUrl">, url: string): boolean {
  const address = webhookUrl === undefined ? undefined : parseUrl(webhookUrl);
  const isAtAddress = address !== undefined && parseUrl(url)?.origin === address.origin;
  return isAtAddress && /\/hook\/[0-9a-f]{64}$/.test(url);
}

function hookDifferences(wanted: LiveHook, live: LiveHook): string[] {
  const isSameEvents = isDeepStrictEqual([...wanted.events].sort(), [...live.events].sort());
  return [
    ...(live.active ? [] : ["is not active"]),
    ...(live.verifiesTls ? [] : ["does not verify the certificate of the cluster"]),
    ...(isSameEvents ? [] : [`sends ${live.events.join(", ")} instead of ${wanted.events.join(", ")}`]),
  ];
}

/** The path of a receiver follows from its token, and that of another service often is one. The host is enough to find it. */
function shortUrl(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === undefined) return "without a valid address";
  const { origin, pathname, search } = parsed;
  const [own] = /^\/hook\/[0-9a-f]{8}(?=[0-9a-f]{56}$)/.exec(pathname) ?? [];
  if (own !== undefined) return `${origin}${own}…`;
  return pathname === "/" && search === "" ? `${origin}/` : `${origin}/…`;
}
