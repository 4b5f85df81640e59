import { readPlatformSeed } from "../../../config/platform/seed.js";
import { canonicalJson } from "../../../flux/release/manifest-digest.js";
import { isSecretMark, type PlannedResource } from "../../../review/planned-resource.js";
import { assumedGitHub } from "../../../review/record/assumed-github.js";
import { plannedResources } from "../../../review/record/planned-resources.js";
import { recordFleet } from "./fleet.js";
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
    ...assumedGitHub(spec),
    platformSeed: readPlatformSeed(root),
    secrets: stackSecrets(root, stack),
  });
  return plannedResources(registrations)
    .filter(isOfStack)
    .map((resource) => entryOf(resource, stack));
}

function isOfStack({ name, type }: PlannedResource): boolean {
  return !(name.startsWith("fleet-flux-") && type.startsWith("kubernetes:"));
}

/** The name of a resource shows its tenant already. */
function entryOf({ inputs, tenant: _, ...resource }: PlannedResource, stack: string): InventoryEntry {
  const shown = Object.entries(inputs).map(([key, value]) => {
    return [key, holdsSecret(value) ? "[secret]" : withoutStack(value, stack)] as const;
  });
  // In the order of keys, so that a file changes only with its content.
  return { ...resource, inputs: JSON.parse(canonicalJson(Object.fromEntries(shown))) };
}

function holdsSecret(value: unknown): boolean {
  if (isSecretMark(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}
