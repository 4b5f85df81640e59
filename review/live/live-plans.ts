import type { FleetSpec } from "../../config/fleet-spec.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { PROOF_RESOURCE } from "../../lib/state/proved-stash.js";
import { tenantComponent } from "../../lib/state/stack-state.js";
import type { StackPlans } from "../document/stack-entries.js";
import { kindOf, textAt } from "../findings/facts.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { plainValue, propertyPath, withChangedSecret } from "./engine-values.js";
import type { EnginePreview, EngineState, EngineStep } from "./preview.js";

/** A preview of one stack, and what explains it. */
export interface LiveArgs {
  readonly spec: Pick<FleetSpec, "stack" | "flux" | "promotion" | "tenants" | "tenantsElsewhere">;
  readonly preview: EnginePreview;
  /** A preview of a refresh, which read the objects themselves. @default - the state says what exists */
  readonly refreshed?: EnginePreview | undefined;
}

/** A step of the engine on a resource, and that resource before and after it. */
export interface LiveStep {
  readonly step: EngineStep;
  readonly before: PlannedResource | undefined;
  readonly after: PlannedResource | undefined;
}

/**
 * The steps of a preview on resources of the program. Left out are those that the engine keeps for itself, and the record of
 * what the stack has run, which is written last and changes nothing.
 */
export function liveSteps({ spec, preview, refreshed }: LiveArgs): LiveStep[] {
  const seen = new Map((refreshed?.steps ?? []).filter(isChanged).map((step) => [step.urn, step]));
  const [oldTenant, newTenant] = [
    tenantFinder(preview.steps.flatMap(({ oldState }) => oldState ?? [])),
    tenantFinder(preview.steps.flatMap(({ newState }) => newState ?? [])),
  ];
  const nameOfTeam = teamNames(preview, spec);
  return preview.steps.filter(isOwn).map((step) => {
    const { oldState, newState } = step;
    // The state of an object that is taken over is what the engine read.
    const real = oldState && !isTakenOver(step) ? realState(oldState, seen.get(oldState.urn)) : undefined;
    const next = newState && resourceOf(newState, step, newTenant(newState));
    const [before, after] = withoutRepairs(
      real && resourceOf(real, step, oldTenant(oldState)),
      next && { ...next, inputs: changedSecrets(next.inputs, step) },
    );
    return { step, before: before && withTeam(before, nameOfTeam), after: after && withTeam(after, nameOfTeam) };
  });
}

/** The plans of a stack before and after a previewed update. A stack without a state has none before. */
export function livePlans(steps: readonly LiveStep[], { spec, preview }: LiveArgs): StackPlans {
  const { stack, flux, promotion } = spec;
  const followed = definedOnly({ promotesFrom: promotion.from });
  // An object that the update only forgets stays as it is.
  const before = steps.flatMap((one) => (one.before === undefined || isForgotten(one) ? [] : [one.before]));
  const after = steps.flatMap((one) => one.after ?? []);
  const version = provedVersion(preview) ?? flux.version;
  const plan = (resources: readonly PlannedResource[]): StackPlan => {
    return { stack, resources, flux, tenants: tenantsOf(resources), existingTeams: {}, ...followed };
  };
  const isNew = before.every(({ type }) => type.startsWith("pulumi:"));
  return { stack, before: isNew ? undefined : { ...plan(before), flux: { ...flux, version } }, after: plan(after) };
}

/** Whether an update removes a resource from the state, and leaves its object as it is. */
export function isForgotten({ step, before, after }: LiveStep): boolean {
  return before?.retainOnDelete === true && after === undefined && step.op !== "replace";
}

/** Whether an update takes over an object that exists already. */
export function isTakenOver({ op }: EngineStep): boolean {
  return op.startsWith("import");
}

function isChanged({ op }: EngineStep): boolean {
  return op === "update" || op === "delete";
}

function isOwn({ urn, oldState, newState }: EngineStep): boolean {
  const { type = "", external = false } = newState ?? oldState ?? {};
  const isOfEngine = type === "pulumi:pulumi:Stack" || type === "pulumi:providers:pulumi";
  const isLeftover = newState === undefined && oldState?.delete === true;
  return !isOfEngine && !external && !isLeftover && urn.split("::").at(-1) !== PROOF_RESOURCE;
}

/** A resource of the state as its object really is. Undefined when the object is gone. */
function realState(state: EngineState, refresh: EngineStep | undefined): EngineState | undefined {
  if (refresh === undefined) return state;
  if (refresh.op === "delete") return undefined;
  return { ...state, inputs: refresh.newState?.inputs ?? state.inputs ?? {} };
}

/** @param step names the resource: its state may have it under a former name */
function resourceOf(state: EngineState, { urn }: EngineStep, tenant: string | undefined): PlannedResource {
  const { type, parent = "", provider = "", deletedWith = "", ...rest } = state;
  const options = {
    // A reference is the provider's URN and its id.
    provider: lastName(provider.split("::").slice(0, -1).join("::")),
    protect: rest.protect,
    retainOnDelete: rest.retainOnDelete,
    deletedWith: lastName(deletedWith),
    ignoreChanges: rest.ignoreChanges,
    replaceOnChanges: rest.replaceOnChanges,
    additionalSecretOutputs: rest.additionalSecretOutputs,
  };
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value !== false && size(value) > 0);
  return {
    name: lastName(urn),
    type,
    parent: lastName(parent),
    ...(tenant === undefined ? {} : { tenant }),
    dependsOn: [],
    ...Object.fromEntries(set),
    inputs: plainValue(rest.inputs ?? {}) as PlannedResource["inputs"],
  };
}

function size(value: true | string | readonly string[]): number {
  return value === true ? 1 : value.length;
}

function changedSecrets(inputs: PlannedResource["inputs"], step: EngineStep): PlannedResource["inputs"] {
  if (step.op !== "update" && step.op !== "replace") return inputs;
  const paths = [...Object.keys(step.detailedDiff ?? {}), ...(step.diffReasons ?? [])].map(propertyPath);
  return paths.reduce<unknown>(withChangedSecret, inputs) as PlannedResource["inputs"];
}

/**
 * A resource before and after without the options by which the program repairs objects that others changed. They come and
 * go with the change, which a sentence of the program tells.
 */
function withoutRepairs(
  before: PlannedResource | undefined,
  after: PlannedResource | undefined,
): [PlannedResource | undefined, PlannedResource | undefined] {
  const suspended = after?.ignoreChanges?.includes("spec.suspend") ?? false;
  const plain = (one: PlannedResource | undefined): PlannedResource | undefined => {
    if (one === undefined) return undefined;
    const { replaceOnChanges = [], ignoreChanges = [], ...rest } = one;
    const replaced = replaceOnChanges.filter((path) => path !== "*");
    const ignored = [
      ...ignoreChanges.filter((path) => path !== "spec.suspend"),
      ...(suspended ? ["spec.suspend"] : []),
    ];
    return {
      ...rest,
      ...(replaced.length > 0 ? { replaceOnChanges: replaced } : {}),
      ...(ignored.length > 0 ? { ignoreChanges: ignored } : {}),
    };
  };
  return [plain(before), plain(after)];
}

/** Returns a function that finds the tenant whose component is a resource or one of its parents. */
function tenantFinder(states: readonly EngineState[]): (state: EngineState | undefined) => string | undefined {
  const byUrn = new Map(states.map((state) => [state.urn, state]));
  const find = (state: EngineState | undefined): string | undefined => {
    if (state === undefined) return undefined;
    return state.type === tenantComponent ? lastName(state.urn) : find(byUrn.get(state.parent ?? ""));
  };
  return find;
}

/** The tenants with a namespace on the cluster. */
function tenantsOf(resources: readonly PlannedResource[]): string[] {
  const found = resources.flatMap(({ type, tenant }) =>
    type === "kubernetes:core/v1:Namespace" ? (tenant ?? []) : [],
  );
  return [...new Set(found)].sort();
}

/** The version of Flux that the last update noted in the stack's outputs. */
function provedVersion({ steps }: EnginePreview): string | undefined {
  const stack = steps.find(({ urn }) => urn.includes("::pulumi:pulumi:Stack::"));
  const version = stack?.oldState?.outputs?.fluxVersion;
  return typeof version === "string" ? version : undefined;
}

/** Finds the name of a team by its id on GitHub, or by the tenant that names it. */
type TeamNames = (id: string, tenant: string | undefined) => string;

function teamNames({ steps }: EnginePreview, { tenants, tenantsElsewhere }: LiveArgs["spec"]): TeamNames {
  const teams = steps.flatMap(({ oldState, newState }) => [oldState, newState].flatMap((state) => state ?? []));
  const byId = new Map(
    teams.flatMap(({ type, id, inputs }) => {
      return kindOf(type) === "Team" && id !== undefined && id !== "" ? [[id, String(inputs?.name)] as const] : [];
    }),
  );
  const named = [...tenants, ...tenantsElsewhere].flatMap(({ name, team }) =>
    team ? [[name, team.name] as const] : [],
  );
  const byTenant = new Map(named);
  return (id, tenant = "") => byId.get(id) ?? byTenant.get(tenant) ?? id;
}

/** Replaces the id of a team by its name. GitHub gives a new team its id in the update. */
function withTeam(one: PlannedResource, nameOf: TeamNames): PlannedResource {
  const id = textAt(one, "teamId");
  return id === "" ? one : { ...one, inputs: { ...one.inputs, teamId: nameOf(id, one.tenant) } };
}

/** The part of a URN that people know a resource by. */
function lastName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
