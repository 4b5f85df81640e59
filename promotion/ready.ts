import { isDeepStrictEqual } from "node:util";
import { definedOnly } from "../lib/data/defined-only.js";
import { utcText } from "../lib/time/local-time.js";
import { lastChange } from "./field-record.js";
import { type History, inForce, withValue } from "./history.js";
import { historyIn, type Proof, type ReadyProof } from "./proof.js";
import { brokenByShared, brokenTenants } from "./shared-break.js";

/** Name of the platform's source in a record. A tenant's is `TENANT/SYNC`. */
export const PLATFORM_REVISION = "platform";

/** The name of a tenant's source in a record. */
export function revisionName(tenant: string, sync: string): string {
  return `${tenant}/${sync}`;
}

/** A source for people: the tenant alone for its primary sync, which has the tenant's name. */
export function sourceText(name: string): string {
  const [tenant, sync] = name.split("/");
  return tenant !== undefined && tenant === sync ? tenant : name;
}

/** A look at the syncs of a stack. */
export interface ReadyLook {
  /** The revision that each Ready sync has applied, by {@link revisionName}. */
  readonly revisions: Readonly<Record<string, string>>;
  /** The syncs that are not Ready, in Flux's words. */
  readonly waiting: Readonly<Record<string, string>>;
}

/** The parts that a stack runs now, always in the same order: a look belongs to them. */
export function partsInForce({ flux, program, settings, tenants, fields, charts, removed }: Proof): object {
  const values = (histories: Readonly<Record<string, History>>) =>
    Object.fromEntries(
      Object.entries(histories)
        .sort()
        .map(([name, one]) => [name, inForce(one)?.value]),
    );
  return {
    flux: inForce(flux),
    program: inForce(program),
    settings: inForce(settings),
    tenants: values(tenants),
    fields: values(changesOf(fields)),
    charts: values(charts),
    removed,
  };
}

/** The time of the last change of each tenant's fields, as a history with this value alone. */
function changesOf(fields: Proof["fields"]): Readonly<Record<string, History>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, record]) => {
      const changed = lastChange(record);
      return changed === undefined ? [] : [[name, { [changed]: changed }]];
    }),
  );
}

/**
 * A proof with a look at the stack. The stack was Ready with its Flux, program, settings and charts when the platform's sync is
 * Ready and they have broken no tenant, and with a tenant's base file and fields when all syncs of the tenant are. It equals
 * the one before if nothing changed.
 * @param now time of the look, in milliseconds since 1970
 */
export function withLook(proved: Proof, { revisions, waiting }: ReadyLook, now: number): Proof {
  const isSharedReady =
    Object.hasOwn(revisions, PLATFORM_REVISION) && brokenByShared(proved, waiting).tenants.length === 0;
  const isTenantReady = (tenant: string) =>
    Object.keys(revisions).some((name) => name.startsWith(`${tenant}/`)) &&
    !Object.keys(waiting).some((name) => name.startsWith(`${tenant}/`));
  const { ready } = proved;
  const next = (before: History | undefined = {}, current: History, isReady: boolean) => {
    const value = inForce(current)?.value;
    return isReady && value !== undefined ? withValue(before, value, now) : before;
  };
  const each = (
    before: Readonly<Record<string, History>> | undefined = {},
    current: Readonly<Record<string, History>>,
    isReady: (name: string) => boolean,
  ) =>
    Object.fromEntries(
      Object.entries(current)
        .map(([name, one]) => [name, next(historyIn(before, name), one, isReady(name))] as const)
        .filter(([, one]) => Object.keys(one).length > 0),
    );
  // A checkout may lack a tenant that the stack runs. Its record stays, for promotion and for a rollback.
  const isUnseen = (tenant: string) =>
    Object.hasOwn(proved.tenants, tenant) &&
    ![...Object.keys(revisions), ...Object.keys(waiting)].some((name) => name.startsWith(`${tenant}/`));
  const kept = Object.entries(ready?.revisions ?? {}).filter(([name]) => {
    return Object.hasOwn(waiting, name) || isUnseen(name.split("/", 1)[0] ?? "");
  });
  const seen = Object.entries(revisions).map(([name, revision]) => {
    return [name, withValue(historyIn(ready?.revisions ?? {}, name), revision, now)] as const;
  });
  const looked: ReadyProof = {
    flux: next(ready?.flux, proved.flux, isSharedReady),
    program: next(ready?.program, proved.program, isSharedReady),
    tenants: each(ready?.tenants, proved.tenants, isTenantReady),
    fields: each(ready?.fields, changesOf(proved.fields), isTenantReady),
    charts: each(ready?.charts, proved.charts, () => isSharedReady),
    revisions: Object.fromEntries([...kept, ...seen].sort(([a], [b]) => (a < b ? -1 : 1))),
    waiting,
    ...definedOnly({
      removed: lookedWithout(proved, isSharedReady, now),
      settings: unlessEmpty(next(ready?.settings, proved.settings, isSharedReady)),
      broken: unlessEmpty(firstBroken(proved, waiting, now)),
      at: ready?.at,
    }),
  };
  return { ...proved, ready: isDeepStrictEqual(looked, ready) ? looked : { ...looked, at: utcText(now) } };
}

/** The tenants that are not Ready, each with the time of the first look that found it so. */
function firstBroken({ ready }: Proof, waiting: ReadyLook["waiting"], now: number) {
  const before = new Map(Object.entries(ready?.broken ?? {}));
  return Object.fromEntries(brokenTenants(waiting).map((name) => [name, before.get(name) ?? utcText(now)]));
}

function unlessEmpty<Entries extends object>(entries: Entries): Entries | undefined {
  return Object.keys(entries).length === 0 ? undefined : entries;
}

/**
 * The removals that a look has seen. A look sees no tenant any more that is gone. A chart's removal counts with a platform that
 * is Ready without it, and no tenant that broke.
 */
function lookedWithout({ removed, ready }: Proof, isSharedReady: boolean, now: number) {
  if (removed === undefined) return undefined;
  const seen = Object.entries(removed).flatMap(([name, since]) => {
    const before = new Map(Object.entries(ready?.removed ?? {})).get(name);
    if (before !== undefined && before >= since) return [[name, before] as const];
    return name.startsWith("tenant ") || isSharedReady ? [[name, utcText(now)] as const] : [];
  });
  return Object.fromEntries(seen);
}

/** Start of a tag's name in a record, as Git has it. */
export const TAG_PREFIX = "refs/tags/";

/**
 * A revision for a record, in which a tag differs from a branch. Flux writes the name alone for both, and a tag with the
 * name of a branch can lead to any commit.
 * @param applied as Flux writes it: `main@sha1:…`, `v1.4.2@sha1:…` or `sha1:…`
 * @param followsTags whether the source follows a tag, or a range of them
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#artifact
 */
export function recordedRevision(applied: string, followsTags: boolean): string {
  if (followsTags) return applied.includes("@") ? `${TAG_PREFIX}${applied}` : applied;
  // A branch can have the name of a tag, with all of its folders.
  return applied.startsWith(TAG_PREFIX) ? applied.slice(applied.lastIndexOf("@") + 1) : applied;
}

/**
 * Whether a revision of a record is the one that a file pins.
 * @param recorded by {@link recordedRevision}: `main@sha1:…`, `refs/tags/v1.4.2@sha1:…` or `sha1:…`
 * @param pin a commit or a tag
 */
export function isRevision(recorded: string, pin: string): boolean {
  return recorded.endsWith(`sha1:${pin}`) || recorded.startsWith(`${TAG_PREFIX}${pin}@sha1:`);
}
