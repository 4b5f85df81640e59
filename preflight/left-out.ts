import type { FleetSpec } from "../config/fleet-spec.js";
import { covers } from "../config/rules/host-name.js";
import type { LeftOut } from "../config/stack/left-out-tenants.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { HOSTS_ANNOTATION, TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import type { LastUpdate } from "../lib/state/last-update.js";
import { resourcesDigest } from "../lib/state/resources-digest.js";
import {
  indexState,
  leavingComponent,
  repositoryType,
  type StackState,
  type StateIndex,
  teamType,
  tenantComponent,
} from "../lib/state/stack-state.js";
import { sharedDigests } from "../policies/tenant-digests.js";
import { isBelow } from "./handed-over.js";
import { lostRights } from "./left-out-rights.js";
import { movesOf } from "./moves.js";

/** A stack without the tenants that an update leaves as they are. */
export interface Remainder {
  /** For the checks: no tenant that stays, so none of its objects. */
  readonly spec: FleetSpec;
  /** The state without their resources. */
  readonly state: StackState;
  /**
   * For registrations: without the tenants that the stack has never had. The others still decide about objects of other
   * tenants and about shared parts, as before.
   */
  readonly registered: FleetSpec;
  /** The last update, as far as it is about the tenants that stay. */
  readonly kept: LastUpdate;
}

/** Takes the tenants that an update leaves as they are out of a spec and a state. */
export function withoutLeftOut(
  spec: FleetSpec,
  state: StackState,
  { leftOut, last }: { readonly leftOut: LeftOut; readonly last: LastUpdate | undefined },
): Remainder {
  const { tenants, excluded } = leftOut;
  const present = presentIn(state, tenants);
  const without = (names: readonly string[]): FleetSpec => {
    return { ...spec, tenants: spec.tenants.filter(({ name }) => !names.includes(name)) };
  };
  const others = new Set(excluded);
  const repositories = [...indexState(state, TENANT_LABEL).repositories].flatMap(([key, { name, tenant }]) => {
    return tenants.includes(tenant) ? [key, name] : [];
  });
  return {
    spec: without(tenants),
    state: Object.fromEntries(Object.entries(state).filter(([urn]) => !others.has(urn))),
    registered: without(tenants.filter((name) => !present.includes(name))),
    kept: {
      tenants: only(last?.tenants, tenants) ?? {},
      repositoryIds: only(last?.repositoryIds, repositories),
      digests: {
        parts: {},
        tenants: only(last?.digests.tenants, tenants) ?? {},
        shared: only(last?.digests.shared, tenants),
      },
    },
  };
}

/** The reasons why tenants cannot stay as they are while everything else is updated. */
export function leftOutProblems(
  spec: FleetSpec,
  state: StackState,
  { leftOut, last }: { readonly leftOut: LeftOut; readonly last: LastUpdate | undefined },
): Problem[] {
  if (resourcesDigest(Object.keys(state)) !== leftOut.resources) {
    return [refuse("another update came in between, so it is unknown what would stay", "Run the command again")];
  }
  const { tenants, excluded } = leftOut;
  const index = indexState(state, TENANT_LABEL);
  const moves = movesOf(spec, index).filter(({ from, to }) => tenants.includes(from) || tenants.includes(to));
  return [
    ...sharedProblems(spec, presentIn(state, tenants), last),
    ...moves.map(({ thing, from, to }) => {
      return refuse(`the ${thing} goes from the tenant ${from} to the tenant ${to}, and one of them stays`, wholeStack);
    }),
    ...takenHosts(spec, state, tenants).map(({ host, from, to }) => {
      return refuse(`the host ${host} of the tenant ${to} is still ${from}'s, which stays`, wholeStack);
    }),
    ...lostRights(spec, state, excluded).map(({ tenant, role, rights }) => {
      const named = `${rights.slice(0, mostRights).join(", ")}${rights.length > mostRights ? ` and ${rights.length - mostRights} more` : ""}`;
      return refuse(
        `the tenant ${tenant}, which stays, would lose rights of the ClusterRole ${role}: ${named}`,
        wholeStack,
      );
    }),
    ...leavingThings(spec, index, tenants).map(({ thing, tenant }) => {
      return refuse(`the ${thing} would go, and the files of the tenant ${tenant} name it, which stays`, wholeStack);
    }),
  ];
}

const wholeStack = "Promote it first, or take back this change, and run the command again";
/** As many rights as a message names. */
const mostRights = 5;

function refuse(message: string, fix: string): Problem {
  return { file: "fleet up", path: "--leave-blocked", message, fix };
}

/** The problems of tenants of the state of which others have something else now. */
function sharedProblems(spec: FleetSpec, present: readonly string[], last: LastUpdate | undefined): Problem[] {
  const now = sharedDigests(spec);
  const changed = present.filter((name) => last?.digests.shared?.[name] !== now[name]);
  return changed.map((name) => {
    if (last?.digests.shared?.[name] === undefined) {
      return refuse(
        `the last update was by an older version of the program, which did not note what others have of the tenant ${name}`,
        "Run pulumi up once with this version, when no tenant is held back",
      );
    }
    const begins = spec.tenants.some((one) => one.name === name) && !Object.hasOwn(last.tenants, name);
    if (begins) {
      const message = `the stack would begin to run the tenant ${name}, of which it has only the repositories so far`;
      return refuse(message, `Promote it first, or remove stacks/${spec.stack}/tenants/${name}.yaml until it is`);
    }
    return refuse(
      `shared parts or other tenants would change because of ${name}: its exports, its imports or its repositories are others`,
      wholeStack,
    );
  });
}

/**
 * The repositories that this update would archive, and the teams that it would delete, although files of tenants that stay
 * name them again. An earlier update let them go, so they stand below no tenant, and the engine does not exclude them.
 */
function leavingThings(
  { github, tenants, tenantsElsewhere }: FleetSpec,
  state: Pick<StateIndex, "github">,
  staying: readonly string[],
) {
  if (!github.ownsRepositories) return [];
  const leaving = state.github.filter((one) => isBelow(one, leavingComponent));
  const stay = [...tenants, ...tenantsElsewhere].filter(({ name }) => staying.includes(name));
  return stay.flatMap(({ name: tenant, repositories, team }) => {
    const names = repositories.map(({ name }) => name.toLowerCase());
    return leaving.flatMap((one) => {
      if (one.type === repositoryType && names.includes(one.repository ?? "")) {
        return [{ thing: `repository ${one.repository}`, tenant }];
      }
      const isTeam = one.type === teamType && team !== undefined && one.team === team.name;
      return isTeam ? [{ thing: `team ${one.team}`, tenant }] : [];
    });
  });
}

/** The hosts of updated tenants that a tenant still serves which stays. Both would serve them. */
function takenHosts(spec: FleetSpec, state: StackState, tenants: readonly string[]) {
  const held = Object.values(state).flatMap(({ type, outputs }) => {
    if (type !== "kubernetes:core/v1:Namespace") return [];
    const { annotations, labels } = Object(outputs.metadata) as Metadata;
    const from = labels?.[TENANT_LABEL] ?? "";
    const hosts = (annotations?.[HOSTS_ANNOTATION] ?? "").split(",").filter((host) => host !== "");
    return tenants.includes(from) ? hosts.map((host) => ({ host, from })) : [];
  });
  return spec.tenants
    .filter(({ name }) => !tenants.includes(name))
    .flatMap(({ name: to, hosts }) =>
      hosts.flatMap((host) => {
        const other = held.find((one) => covers(one.host, host) || covers(host, one.host));
        return other === undefined ? [] : [{ host, from: other.from, to }];
      }),
    );
}

interface Metadata {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The tenants of which a state has the component, whether the cluster runs them or not. */
function presentIn(state: StackState, tenants: readonly string[]): readonly string[] {
  const urns = Object.keys(state);
  return tenants.filter((name) => urns.some((urn) => urn.endsWith(`$${tenantComponent}::${name}`)));
}

function only<Value>(all: Readonly<Record<string, Value>> | undefined, names: readonly string[]) {
  if (all === undefined) return undefined;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
