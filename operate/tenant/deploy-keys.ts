import { isPlainObject } from "../../lib/data/merge.js";
import { deployKey, nameInUrn, tenantComponent } from "../../lib/state/stack-state.js";

const dayLength = 24 * 60 * 60 * 1000;
const pairType = "tls:index/privateKey:PrivateKey";

/** A deploy key in the state of a stack. */
export interface DeployKeyInState {
  /** URN of its key pair. */
  readonly urn: string;
  /** @default - the platform's key */
  readonly tenant?: string;
  /** Repository on GitHub. Empty where the state has no registration of the key. */
  readonly repository: string;
  readonly title: string;
  /** Time at which the engine made the pair, in milliseconds since 1970. Undefined where the state does not tell. */
  readonly created?: number;
}

/** The deploy keys of a stack. */
export interface DeployKeys {
  readonly keys: readonly DeployKeyInState[];
  /** Whether a rotation was ended before it removed the former keys. */
  readonly unfinished: boolean;
}

/** A resource of an exported state, as far as keys need it. */
interface Exported {
  readonly urn: string;
  readonly type: string;
  readonly parent: string;
  readonly created?: string;
  readonly isFormer: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * The deploy keys of an exported state: the answer of `pulumi stack export`.
 * @throws Error for data that is no export
 */
export function deployKeysIn(exported: unknown): DeployKeys {
  const resources = resourcesOf(exported);
  const current = resources.filter(({ isFormer }) => !isFormer);
  const registrations = new Map(
    current.filter(({ type }) => type === deployKey).map((one) => [one.parent, one.inputs]),
  );
  const keys = current
    .filter(({ type }) => type === pairType)
    .map(({ urn, parent, created }): DeployKeyInState => {
      const { repository = "", title = "" } = registrations.get(parent) ?? {};
      const tenant = tenantOf(urn, current);
      const time = created === undefined ? Number.NaN : Date.parse(created);
      return {
        urn,
        ...(tenant === undefined ? {} : { tenant }),
        repository: String(repository),
        title: String(title),
        ...(Number.isNaN(time) ? {} : { created: time }),
      };
    });
  const unfinished = resources.some(({ isFormer, type }) => isFormer && [pairType, deployKey].includes(type));
  return { keys: keys.sort((a, b) => (a.urn < b.urn ? -1 : 1)), unfinished };
}

function resourcesOf(exported: unknown): readonly Exported[] {
  const deployment = isPlainObject(exported) ? exported.deployment : undefined;
  if (!isPlainObject(deployment)) throw new Error("the export of the state has no deployment");
  const { resources = [] } = deployment;
  if (!Array.isArray(resources)) throw new Error("the export of the state has no list of resources");
  return (resources as readonly unknown[]).filter(isPlainObject).map((one) => ({
    urn: String(one.urn),
    type: String(one.type),
    parent: String(one.parent ?? ""),
    ...(typeof one.created === "string" ? { created: one.created } : {}),
    isFormer: one.delete === true,
    inputs: isPlainObject(one.inputs) ? one.inputs : {},
  }));
}

/** The tenant whose component is above a resource. */
function tenantOf(urn: string, resources: readonly Exported[]): string | undefined {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  for (let one = byUrn.get(urn); one !== undefined; one = byUrn.get(one.parent)) {
    if (one.type === tenantComponent) return nameInUrn(one.urn);
  }
  return undefined;
}

/** The keys that a rotation replaces. */
export interface RotationArgs {
  /** @default - the keys of all tenants, and the platform's */
  readonly tenant?: string | undefined;
  /** Days. A younger key stays. @default - every key is replaced */
  readonly olderThanDays?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The keys to replace. A key of unknown age counts as old. */
export function keysToRotate(
  keys: readonly DeployKeyInState[],
  { tenant, olderThanDays, now }: RotationArgs,
): readonly DeployKeyInState[] {
  return keys.filter((key) => {
    if (tenant !== undefined && key.tenant !== tenant) return false;
    if (olderThanDays === undefined || key.created === undefined) return true;
    return now - key.created > olderThanDays * dayLength;
  });
}

/** Whole days since the engine made a key. Undefined where the state does not tell. */
export function ageInDays({ created }: DeployKeyInState, now: number): number | undefined {
  return created === undefined ? undefined : Math.floor((now - created) / dayLength);
}
