import { type Finding, type FindingKind, finding, type Owner } from "./finding.js";
import type { GitHubArgs } from "./github.js";
import type { ExpectedKey, ExpectedRepository, LiveKey, LiveRepository } from "./github-objects.js";

const dayMs = 86_400_000;

/** The findings about the deploy keys of a repository. */
export function judgeKeys(
  { name, keys, owner }: ExpectedRepository,
  { keys: live }: LiveRepository,
  args: GitHubArgs,
): Finding[] {
  const told: Told = (kind, title, difference, fix, whose = owner) =>
    finding(kind, { object: `deploy key "${title}" of ${args.organisation}/${name}`, owner: whose, difference, fix });
  const found = new Set<LiveKey>();
  const expected = keys.flatMap((wanted) => {
    const candidates = live.filter(({ title }) => title === wanted.title);
    const one = candidates.find(({ key }) => sameKey(key, wanted.key)) ?? candidates[0];
    if (one === undefined) {
      return [told("key-missing", wanted.title, "does not exist", "pulumi up --refresh", wanted.owner)];
    }
    found.add(one);
    return judgeKey(wanted, one, { told, args });
  });
  const foreign = live.filter((one) => !found.has(one) && !isOfOtherStack(one, owner.tenant, args));
  return [
    ...expected,
    ...foreign.map(({ title, readOnly }) => {
      const may = readOnly ? "may read" : "may push";
      const byHand = "remove it in the settings of the repository (Deploy keys)";
      // A lost state left a key with the title of the cluster. The command removes it, and knows whether a Secret uses it.
      const isLeftBehind = keys.some((wanted) => wanted.title === title && wanted.readOnly === readOnly);
      const fix = isLeftBehind ? `npx fleet clean ${args.stack}, or ${byHand}` : byHand;
      return told("key-foreign", title, `no file asks for it, and it ${may}`, fix);
    }),
  ];
}

type Told = (kind: FindingKind, title: string, difference: string, fix: string, whose?: Owner) => Finding;

function judgeKey(
  wanted: ExpectedKey,
  live: LiveKey,
  { told, args }: { readonly told: Told; readonly args: GitHubArgs },
): Finding[] {
  const { title, owner } = wanted;
  const days = live.createdAt === undefined ? 0 : Math.floor((args.now - Date.parse(live.createdAt)) / dayMs);
  const { maxKeyDays = Number.POSITIVE_INFINITY } = args;
  const age = `is ${days} days old, and ${maxKeyDays} are allowed`;
  const rotate = "rotate it: docs/day-two/keys-and-tokens.md";
  return [
    ...(wanted.readOnly && !live.readOnly
      ? [told("key-writable", title, "may push", "remove it on GitHub, then pulumi up --refresh", owner)]
      : []),
    ...otherKey(wanted, live).map((text) => told("key-other", title, text, "pulumi up --refresh", owner)),
    ...(days > maxKeyDays ? [told("key-too-old", title, age, rotate, owner)] : []),
  ];
}

function otherKey({ key, isStored }: ExpectedKey, live: LiveKey): string[] {
  if (key === undefined) return isStored ? ["cannot be compared: the Secret has no public half (identity.pub)"] : [];
  return sameKey(live.key, key) ? [] : ["is not the public half of the key in the Secret"];
}

/**
 * Keys of other stacks are read-only, or of their image updates. Their own `fleet verify` judges them, so the key of a
 * tenant that the other stack lacks is judged here.
 */
function isOfOtherStack({ title, readOnly }: LiveKey, tenant: string | undefined, { others }: GitHubArgs): boolean {
  const [, cluster = "", use] = /^fleet\/(\S+) \((read-only|image updates)\)$/.exec(title) ?? [];
  const other = others.find(({ stack }) => stack === cluster);
  if (other === undefined || (tenant !== undefined && !other.tenants.includes(tenant))) return false;
  return readOnly || use === "image updates";
}

/** Without the comment, which GitHub drops. */
function sameKey(one: string, other: string | undefined): boolean {
  const parts = (key: string) => key.trim().split(/\s+/).slice(0, 2).join(" ");
  return other !== undefined && parts(one) === parts(other);
}
