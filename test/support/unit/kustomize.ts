import { existsSync } from "node:fs";
import { join } from "node:path";
import { planToolchain } from "@fleet/sandbox/toolchain/plan";
import { findKustomize, KUSTOMIZE_ADVICE, type KustomizeProgram } from "../../../cli/platform/kustomize-program.js";
import { messageOf } from "../../../lib/diagnostics/problem.js";

/** `npm test` and the workflows set it: then a missing part fails the tests that need it. */
const isRequired = process.env.FLEET_REQUIRE_KUSTOMIZE === "true";

/** Kustomize, or a test that is marked as pending, with the way to get it. */
export async function kustomizeFor(context: Mocha.Context): Promise<KustomizeProgram> {
  const program = await findKustomize(process.env);
  return program ?? missing(context, `there is no kustomize on this machine. ${KUSTOMIZE_ADVICE}`);
}

/**
 * Folder with the manifest of a Flux version, or a test that is marked as pending, with the way to get it.
 * @returns undefined where the parts are required and the manifest has to be fetched
 */
export async function fluxManifestsFor(context: Mocha.Context, version: string): Promise<string | undefined> {
  const found = await findFluxManifests(version);
  const advice = "Run npx fleet sandbox build flux-manifests, or name a folder with it in FLEET_MANIFESTS";
  if (found !== undefined || isRequired) return found;
  return missing(context, `there is no manifest of Flux ${version} on this machine. ${advice}`);
}

/** Folder with the manifest of a Flux version. Undefined where this machine has none. */
export async function findFluxManifests(version: string): Promise<string | undefined> {
  const folders = [process.env.FLEET_MANIFESTS, await builtManifests()];
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, version, "install.yaml")));
}

async function builtManifests(): Promise<string | undefined> {
  try {
    return (await planToolchain({})).toolchain.manifests;
  } catch (error) {
    process.stdout.write(`    The sandbox's manifests cannot be looked for: ${messageOf(error)}\n`);
    return undefined;
  }
}

function missing(context: Mocha.Context, reason: string): never {
  if (isRequired) throw new Error(reason);
  process.stdout.write(`    NOT JUDGED: ${reason}.\n`);
  return context.skip();
}
