import type { FleetSpec } from "../config/fleet-spec.js";
import {
  handedOverComponent,
  leavingComponent,
  type StatedResource,
  type StateIndex,
  teamType,
} from "../lib/state/stack-state.js";
import { isBelow, tenantOf } from "./handed-over.js";

/** A part of one tenant in the state that the files give to another. */
interface Move {
  readonly thing: string;
  readonly from: string;
  readonly to: string;
}

/** The namespaces, repositories and teams that go from one tenant to another. */
export function movesOf(spec: FleetSpec, state: StateIndex): Move[] {
  const tenants = [...spec.tenants, ...spec.tenantsElsewhere];
  return [...movedNamespaces(spec, state), ...movedRepositories(tenants, state), ...movedTeams(tenants, state)];
}

/** Names and the tenants that declare them. Several tenants may share a repository or team of another owner. */
type Declarations = readonly (readonly [name: string, tenant: string])[];

function moved(thing: string, from: string, to: readonly string[]): Move[] {
  return to.includes(from) ? [] : to.map((tenant) => ({ thing, from, to: tenant }));
}

function tenantsOf(declarations: Declarations, name: string): string[] {
  return declarations.filter(([declared]) => declared === name).map(([, tenant]) => tenant);
}

function movedNamespaces({ tenants }: FleetSpec, { namespaces }: StateIndex): Move[] {
  const declared = tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => [name, tenant.name] as const));
  return namespaces.flatMap(({ name, tenant }) => moved(`namespace ${name}`, tenant, tenantsOf(declared, name)));
}

function movedRepositories(tenants: FleetSpec["tenants"], { repositories }: StateIndex): Move[] {
  const declared = tenants.flatMap((tenant) =>
    tenant.repositories.map(({ name }) => [name.toLowerCase(), tenant.name] as const),
  );
  return [...repositories].flatMap(([name, stated]) =>
    moved(`repository ${stated.name}`, stated.tenant, tenantsOf(declared, name)),
  );
}

function movedTeams(tenants: FleetSpec["tenants"], { github }: StateIndex): Move[] {
  const declared = tenants.flatMap(({ name, team }) => (team === undefined ? [] : [[team.name, name] as const]));
  const stated = github.filter((one) => one.type === teamType && !isGoing(one));
  return stated.flatMap((one) => moved(`team ${one.team}`, tenantOf(one), tenantsOf(declared, one.team ?? "")));
}

/** Whether a resource is about to leave the state since the update before. */
export function isGoing(one: StatedResource): boolean {
  return isBelow(one, leavingComponent) || isBelow(one, handedOverComponent);
}
