import type { FleetSpec } from "../config/fleet-spec.js";
import { didYouMean, nearMatches } from "../lib/diagnostics/near-match.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import type { LastUpdate } from "../lib/state/last-update.js";
import { type StackState, type StatedResource, type StateIndex, teamType } from "../lib/state/stack-state.js";
import { namesText } from "../promotion/words.js";
import { alteredTenants } from "./altered-tenants.js";
import type { ExistingCluster } from "./cluster.js";
import { type Drift, findDrift } from "./drift.js";
import { tenantOf } from "./handed-over.js";
import { isGoing, movesOf } from "./moves.js";
import type { RegisteredObject } from "./registered-object.js";
import { tenantObjects } from "./tenant-objects.js";

/** Options of the engine's command that updates everything. */
const wholeStack = "Run pulumi up, which updates the whole stack";

/** The tenant that an update is limited to, and the state before. */
export interface OneTenantArgs {
  readonly tenant: string;
  readonly last: LastUpdate | undefined;
  readonly state: StateIndex;
  /** Resources of GitHub that go to another owner or that no file names any more. */
  readonly going: readonly StatedResource[];
}

/**
 * The reasons why an update of one tenant cannot do what the files say: it would need to change another part of the stack,
 * or the engine would delete what the files give to another tenant.
 */
export function oneTenantProblems(spec: FleetSpec, { tenant, last, state, going }: OneTenantArgs): Problem[] {
  const refuse = (message: string, fix = wholeStack): Problem => {
    return { file: "fleet up", path: `--tenant ${tenant}`, message, fix };
  };
  const tenants = [...spec.tenants, ...spec.tenantsElsewhere];
  const names = tenants.map(({ name }) => name);
  if (!names.includes(tenant)) {
    const known = `The tenants are ${names.join(", ")}. A removed tenant goes with the whole stack: run pulumi up`;
    return [refuse("no file declares this tenant", didYouMean(nearMatches(tenant, names), known))];
  }
  const moves = movesOf(spec, state).filter(({ from, to }) => from === tenant || to === tenant);
  const leaving = going.filter((one) => tenantOf(one) === tenant);
  return [
    ...(last === undefined
      ? [refuse("the last update of the whole stack was by an older version of the program")]
      : []),
    ...moves.map(({ thing, from, to }) => refuse(`the ${thing} goes from the tenant ${from} to the tenant ${to}`)),
    ...leaving.map((one) => refuse(`the ${thingOf(one)} leaves the tenant`)),
  ];
}

function thingOf({ type, team, repository }: StatedResource): string {
  return type === teamType ? `team ${team}` : `repository ${repository}`;
}

/** The part of a state that an update of one tenant can remove from. */
export function stateOfTenant(state: StateIndex, tenant: string): StateIndex {
  const isOwn = (one: { readonly tenant: string }) => one.tenant === tenant;
  const github = state.github.filter((one) => tenantOf(one) === tenant && !isGoing(one));
  return { ...state, namespaces: state.namespaces.filter(isOwn), syncs: state.syncs.filter(isOwn), github };
}

/** The differences in a tenant's objects, which the update takes back, and the number of those that it leaves out. */
export interface TenantDrift extends Drift {
  readonly leftOut: number;
}

/** Like {@link findDrift}, for one tenant. Problems are those of the whole stack. */
export function findTenantDrift(
  tenant: string,
  ...[state, cluster, ...further]: Parameters<typeof findDrift>
): TenantDrift {
  const isOwn = ([, { outputs }]: [string, StackState[string]]) => labelsOf(outputs)[TENANT_LABEL] === tenant;
  const own = findDrift(Object.fromEntries(Object.entries(state).filter(isOwn)), cluster, ...further);
  const all = findDrift(state, cluster, ...further);
  return { ...own, problems: all.problems, leftOut: all.sentences.length - own.sentences.length };
}

function labelsOf({ metadata }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const { labels = {} } = (metadata ?? {}) as { readonly labels?: Readonly<Record<string, string>> };
  return labels;
}

/** The objects of a cluster that belong to one tenant. */
export function clusterOfTenant(cluster: ExistingCluster, tenant: string): ExistingCluster {
  const own = [...cluster.objects].filter(([, { metadata }]) => metadata.labels?.[TENANT_LABEL] === tenant);
  return { ...cluster, objects: new Map(own) };
}

/** The objects of a cluster that an update of one tenant writes. */
export function objectsOfTenant(spec: FleetSpec, tenant: string): RegisteredObject[] {
  return spec.tenants.filter(({ name }) => name === tenant).flatMap((one) => tenantObjects(one, spec));
}

/** The sentences that say what an update of one tenant leaves out. */
export function describeLeftOut(
  spec: FleetSpec,
  last: LastUpdate,
  { tenant, drift }: { readonly tenant: string; readonly drift: number },
): string[] {
  const changed = alteredTenants(spec, last).filter((name) => name !== tenant);
  return [
    ...(changed.length > 0
      ? [`This update leaves out changes of files or settings that concern other tenants: ${namesText(changed)}.`]
      : []),
    ...(drift > 0
      ? [`This update leaves out ${drift} changes that others made to objects of other tenants or of the platform.`]
      : []),
  ];
}
