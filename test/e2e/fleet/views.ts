import { STACK_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { clusterInventory, fingerprints } from "../../support/e2e/cluster-inventory.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import type { StateResource } from "../../support/e2e/engine.js";
import { type DeployKeyView, deployKeys } from "../../support/e2e/github-view.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { clusterRepositories } from "./ready.js";

/** The deploy keys of each repository that a cluster reads. */
export async function keysByRepository(github: Emulator): Promise<Record<string, DeployKeyView[]>> {
  const lists = clusterRepositories.map(async (name) => [name, await deployKeys(github, name)] as const);
  return Object.fromEntries(await Promise.all(lists));
}

/** The titles of deploy keys. */
export function titles(list: readonly DeployKeyView[]): string[] {
  return list.map(({ title }) => title);
}

/** The requests to GitHub since the last reset that may have changed something: `POST /api/v3/…`. */
export async function writesOf(github: Emulator): Promise<string[]> {
  return (await github.requests()).requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, url }) => `${method} ${url}`);
}

/**
 * The objects of a stack on its cluster, in a form that stays the same as long as no one changes them.
 * @param label another label of the objects, with its value
 */
export async function objectsOf(
  { kubernetes, stack }: TestEnvironment,
  label = STACK_LABEL,
  value = stack,
): Promise<Record<string, string>> {
  return fingerprints(await clusterInventory(kubernetes), label, value);
}

/** The content of a state without its secrets, because each export encrypts them again. */
export function idsOf(resources: readonly StateResource[]): string[] {
  return resources.map(({ urn, id }) => `${urn} ${id}`);
}
