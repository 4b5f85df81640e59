import type { FieldPath } from "../../lib/kubernetes/field-path.js";
import { tenantComponent } from "../../lib/state/stack-state.js";
import { type PlannedResource, type SecretMark, secretMark } from "../planned-resource.js";
import type { Registration } from "./recorder.js";

/** Returns the mark of a secret, by its opened value. */
export type MarkSecret = (value: unknown) => SecretMark;

/**
 * The plain data of registrations, sorted by name and type.
 * @param markSecret @default - all secrets are alike
 */
export function plannedResources(
  registrations: readonly Registration[],
  markSecret: MarkSecret = () => secretMark(),
): PlannedResource[] {
  const tenantOf = tenantFinder(registrations);
  return registrations.map((one) => plannedResource(one, tenantOf(one), markSecret)).sort(byNameAndType);
}

function plannedResource(
  registration: Registration,
  tenant: string | undefined,
  markSecret: MarkSecret,
): PlannedResource {
  const { type, name, inputs, secretPaths, dependsOn, parent } = registration;
  const marked = secretPaths.reduce<unknown>((value, path) => replaceAt(value, path, markSecret), inputs);
  const planned = {
    name,
    type,
    parent: lastName(parent),
    ...(tenant === undefined ? {} : { tenant }),
    dependsOn: [...new Set(dependsOn.map(lastName))].sort(),
    ...optionsOf(registration),
  };
  // The engine hears of no undefined inputs, and they are most of the data.
  return {
    ...(asRead(planned) as Omit<PlannedResource, "inputs">),
    inputs: secretPaths.length === 0 ? inputs : (asRead(marked) as PlannedResource["inputs"]),
  };
}

/** A copy without what is undefined, as the data reads from a file. */
function asRead(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

/** A copy of a value in which the part at a path is replaced. */
function replaceAt(value: unknown, [step, ...rest]: FieldPath, markSecret: MarkSecret): unknown {
  if (step === undefined) return markSecret(value);
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? replaceAt(item, rest, markSecret) : item));
  }
  const fields = Object.entries(value as object);
  return Object.fromEntries(
    fields.map(([key, field]) => [key, key === step ? replaceAt(field, rest, markSecret) : field]),
  );
}

/** Returns a function that finds the tenant whose component is a registration or one of its parents. */
function tenantFinder(registrations: readonly Registration[]): (one: Registration) => string | undefined {
  const byUrn = new Map(registrations.map((one) => [one.urn, one]));
  const find = (one: Registration | undefined): string | undefined => {
    if (one === undefined) return undefined;
    return one.type === tenantComponent ? one.name : find(byUrn.get(one.parent));
  };
  return find;
}

/** How the engine treats the resource, as far as it is not the engine's default. */
function optionsOf(registration: Registration): Readonly<Record<string, unknown>> {
  const { provider, customTimeouts, deletedWith, importId } = registration;
  const options = {
    // A reference is the provider's URN and its id.
    provider: lastName(provider.split("::").slice(0, -1).join("::")),
    import: importId,
    protect: registration.protect,
    retainOnDelete: registration.retainOnDelete,
    deletedWith: lastName(deletedWith),
    ignoreChanges: registration.ignoreChanges,
    replaceOnChanges: registration.replaceOnChanges,
    additionalSecretOutputs: registration.additionalSecretOutputs,
    timeouts: Object.fromEntries(Object.entries(customTimeouts).filter(([, duration]) => duration !== "")),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== false && size(value) > 0));
}

function size(value: true | string | object): number {
  return value === true ? 1 : typeof value === "string" ? value.length : Object.keys(value).length;
}

/** The part of a URN that people know a resource by. */
function lastName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

function byNameAndType(a: PlannedResource, b: PlannedResource): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.type < b.type ? -1 : 1;
}
