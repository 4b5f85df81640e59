import { readFolder } from "../../../config/files/read-folder.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { resourcesOf } from "../../../config/tenant/parts.js";
import type { ExistingRepository } from "../../../lib/github/existing.js";
import { recordFleet, repositoryOf } from "./fleet.js";
import type { Registration } from "./recorder.js";
import { stackSecrets, stackSpec } from "./stack-config.js";
import { withoutStack } from "./without-stack.js";

/** One resource of a stack, as a golden inventory has it. */
export interface InventoryEntry {
  readonly name: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * Every resource that a stack registers, sorted by name, except Flux's own objects: they come from the release's manifest,
 * which the checkout does not have.
 * @param root folder of the stacks: the checkout, or the fixtures
 */
export async function stackInventory(root: string, stack: string): Promise<InventoryEntry[]> {
  const spec = stackSpec(root, stack);
  const { registrations } = await recordFleet(spec, {
    repositories: existingRepositories(spec),
    platformSeed: readFolder(root, "fleet"),
    secrets: stackSecrets(root, stack),
  });
  const entries = registrations.filter(isOfStack).map((registration) => entryOf(registration, stack));
  // As it is read from a file: without what is undefined.
  return (JSON.parse(JSON.stringify(entries)) as InventoryEntry[]).sort(byName);
}

/** The repositories that exist before the stack's first update. */
function existingRepositories({ github, platform, tenants }: FleetSpec): ReadonlyMap<string, ExistingRepository> {
  const wanted = tenants.flatMap((tenant) => resourcesOf(tenant).repositories.map(({ repository }) => repository));
  const names = github.ownsRepositories
    ? wanted.filter(({ existing }) => existing).map(({ name }) => name)
    : [platform.repository.name, ...wanted.map(({ name }) => name)];
  return new Map(names.map((name) => repositoryOf(github.owner, name)));
}

function isOfStack({ name, type }: Registration): boolean {
  return !(name.startsWith("fleet-flux-") && type.startsWith("kubernetes:"));
}

function entryOf(registration: Registration, stack: string): InventoryEntry {
  const { type, name, inputs, secretInputs, dependsOn, parent } = registration;
  return {
    name,
    type,
    parent: lastName(parent),
    dependsOn: [...new Set(dependsOn.map(lastName))].sort(),
    ...optionsOf(registration),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [
        key,
        secretInputs.includes(key) ? "[secret]" : withoutStack(value, stack),
      ]),
    ),
  };
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

function byName(a: InventoryEntry, b: InventoryEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.type < b.type ? -1 : 1;
}
