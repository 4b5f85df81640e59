import { fingerprintOf, keyMaterial } from "../../lib/github/public-key.js";
import { parseUrl } from "../../lib/network/parse-url.js";
import type { StatedRegistrations } from "./registrations.js";

/** A deploy key on GitHub. */
export interface RegisteredKey {
  readonly repository: string;
  readonly id: number;
  readonly title: string;
  /** `ssh-ed25519 AAAA…` */
  readonly key: string;
  readonly readOnly: boolean;
  /** Milliseconds since 1970, as the next. NaN where GitHub does not tell. */
  readonly created: number;
  /** Undefined for a key that was never used. */
  readonly lastUsed: number | undefined;
}

/** A webhook on GitHub. */
export interface RegisteredHook {
  readonly repository: string;
  readonly id: number;
  readonly url: string;
  /** Milliseconds since 1970. NaN where GitHub does not tell. */
  readonly created: number;
  /** Whether the last delivery was answered with success. */
  readonly isAnswered: boolean;
}

/** The facts that decide on a key or webhook. */
export interface LeftBehindArgs {
  /** Name of the cluster, as in titles of keys. */
  readonly cluster: string;
  /** Address of the cluster's receivers. @default - it has none, and no webhook */
  readonly webhookUrl?: string | undefined;
  readonly state: StatedRegistrations;
  /** Names of the cluster's Secrets, `NAMESPACE/NAME`, by the public halves of their keys. */
  readonly secretKeys: ReadonlyMap<string, string>;
  /** Paths of all Receivers of the cluster: `/hook/…`. */
  readonly receiverPaths: ReadonlySet<string>;
  /** Milliseconds for which a key or webhook must be unused. */
  readonly unusedMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A key or webhook that has the name of a cluster, and that its state does not know. */
export interface LeftBehind {
  readonly kind: "deploy key" | "webhook";
  readonly repository: string;
  readonly id: number;
  /** Title of a key, address of a webhook without its secret path. */
  readonly title: string;
  /** @default - a webhook has none */
  readonly fingerprint?: string;
  /** Why it stays. @default - it is to be removed */
  readonly stays?: string;
}

/**
 * The deploy keys that a cluster's lost state left behind. A key of the cluster has its exact title, the right that the
 * title names, and the type that the program generates; any other is a person's, or another cluster's.
 *
 * A cluster of another fleet may have the same name, and so the same titles. Its key is in use there, which GitHub tells.
 */
export function keysLeftBehind(keys: readonly RegisteredKey[], args: LeftBehindArgs): LeftBehind[] {
  return keys
    .filter((one) => isOfCluster(one, args.cluster))
    .flatMap((one) => {
      const material = keyMaterial(one.key);
      if (args.state.keys.has(material)) return [];
      const { repository, id, title } = one;
      const holder = args.secretKeys.get(material);
      // Tenants can make Secrets: the list names the one that keeps a key.
      const stays = holder === undefined ? reasonToKeep(one, args) : `in the Secret ${holder}`;
      const found = { kind: "deploy key", repository, id, title, fingerprint: fingerprintOf(one.key) } as const;
      return [stays === undefined ? found : { ...found, stays }];
    });
}

function isOfCluster({ title, readOnly, key }: RegisteredKey, cluster: string): boolean {
  const own = `fleet/${cluster} (${readOnly ? "read-only" : "image updates"})`;
  return title === own && key.startsWith("ssh-ed25519 ");
}

/** A time that GitHub does not tell counts as the present one. */
function reasonToKeep(
  { created, lastUsed }: Pick<RegisteredKey, "created" | "lastUsed">,
  { now, unusedMs }: LeftBehindArgs,
): string | undefined {
  if (unusedMs === 0) return undefined;
  const isYoung = (time: number) => !(now - time >= unusedMs);
  if (lastUsed !== undefined && isYoung(lastUsed)) return `used ${agoText(now - lastUsed)}`;
  return isYoung(created) ? `registered ${agoText(now - created)}` : undefined;
}

/** The webhooks that a cluster's lost state left behind: they call its address, and no Receiver of it. */
export function hooksLeftBehind(hooks: readonly RegisteredHook[], args: LeftBehindArgs): LeftBehind[] {
  const { webhookUrl } = args;
  if (webhookUrl === undefined) return [];
  return hooks.flatMap((one) => {
    const { repository, id, url, created, isAnswered } = one;
    const path = receiverPath(url, webhookUrl);
    if (path === undefined || args.receiverPaths.has(path) || args.state.hooks.has(String(id))) return [];
    const answered = isAnswered && args.unusedMs > 0 ? "its last delivery was answered" : undefined;
    const stays = answered ?? reasonToKeep({ created, lastUsed: undefined }, args);
    const found = {
      kind: "webhook",
      repository,
      id,
      title: `${new URL(webhookUrl).origin}${path.slice(0, 14)}…`,
    } as const;
    return [stays === undefined ? found : { ...found, stays }];
  });
}

/** The path of a Receiver at an address. Undefined for any other address. */
function receiverPath(url: string, webhookUrl: string): string | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined) return undefined;
  const { origin, pathname, search, hash, username } = parsed;
  const isPlain = search === "" && hash === "" && username === "";
  return isPlain && origin === new URL(webhookUrl).origin && /^\/hook\/[0-9a-f]{64}$/.test(pathname)
    ? pathname
    : undefined;
}

function agoText(ms: number): string {
  if (Number.isNaN(ms)) return "at an unknown time";
  const hours = Math.floor(ms / 3_600_000);
  if (hours < 1) return "within the last hour";
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
