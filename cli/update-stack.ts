import { z } from "zod";
import { withLeftOut } from "../config/stack/left-out-tenants.js";
import { FleetError, problemLine } from "../lib/diagnostics/problem.js";
import { resourcesDigest } from "../lib/state/resources-digest.js";
import { tenantComponent } from "../lib/state/stack-state.js";
import { readPredecessor } from "../preflight/promotion.js";
import { readContent } from "../promotion/content.js";
import { judgeUpdate } from "../promotion/gate.js";
import { type HeldTenant, heldBack, withoutTenants } from "../promotion/held-back.js";
import { PROOF_OUTPUT, parseProof } from "../promotion/proof.js";
import { removedParts } from "../promotion/removals.js";
import { refuseFurtherTargets } from "./engine-options.js";
import { CouldNotLookError } from "./exit-code.js";
import { exportState } from "./export-state.js";
import { addToJobSummary } from "./job-summary.js";
import { requireSpec } from "./load-stack.js";
import { type EngineOptions, engineOptions, runEngine } from "./run-engine.js";
import { type ReadStackOutputs, readStackOutputs } from "./stack-outputs.js";
import type { Streams } from "./streams.js";

/** An update of a stack, apart from the tenants that its predecessor holds back. */
export interface StackUpdateArgs extends EngineOptions {
  /** Folder of the program. */
  readonly root: string;
  readonly stack: string;
}

/**
 * Runs the engine on a stack, on the terminal of this process. It excludes the resources of tenants that may not be promoted
 * yet, and the program does not register them, so they stay as they are. The program judges again, and refuses everything
 * else that the predecessor holds back.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/
 * @throws FleetError if more than tenants holds back the update
 * @throws CouldNotLookError if the backend does not give the outputs or the state of the stack
 * @throws JobError if the engine fails, or could not be started, or has further targets in the environment
 */
export async function updateStack(args: StackUpdateArgs, { err }: Pick<Streams, "err">): Promise<void> {
  const { root, stack } = args;
  refuseFurtherTargets();
  const held = await findHeld(root, stack);
  const tenants = held.map(({ tenant }) => tenant);
  if (tenants.length === 0) return await runEngine(engineOptions(args, []), root, {});
  for (const line of linesOf(held)) err(`stays as it is on ${stack}: ${line}\n`);
  const resources = await statedResources(root, stack);
  const excluded = resourcesOfTenants(resources, tenants);
  const leftOut = { tenants, excluded, resources: resourcesDigest(resources.map(({ urn }) => urn)) };
  const options = engineOptions(
    args,
    excluded.flatMap((urn) => ["--exclude", urn]),
  );
  await withLeftOut(leftOut, (variables) => runEngine(options, root, variables));
  if (!args.previewOnly) addToJobSummary(`Tenants that stay as they are on ${stack}`, linesOf(held));
}

/**
 * The tenants that hold back an update of a stack. The settings are left to the program: they contain the owner and the host
 * of GitHub, which the files alone do not say.
 * @throws FleetError if anything else holds it back as well
 */
async function findHeld(root: string, stack: string): Promise<readonly HeldTenant[]> {
  const spec = await requireSpec(root, stack);
  const { promotion } = spec;
  if (promotion.from === undefined) return [];
  const read = outputsOf(root, readStackOutputs);
  const [outputs, predecessor] = await Promise.all([read(stack), readPredecessor(promotion.from, read)]);
  const own = parseProof(Object(outputs)[PROOF_OUTPUT]);
  const content = readContent(root, spec).filter(({ kind }) => kind !== "settings" && kind !== "elsewhere");
  const removed = removedParts(content, own);
  const update = { stack, promotion, own, predecessor, removed, content, now: Date.now() };
  const held = heldBack(update);
  const tenants = held.map(({ tenant }) => tenant);
  const { problems } = judgeUpdate({ ...update, content: withoutTenants(content, tenants, own) });
  if (problems.length > 0) throw new FleetError(problems);
  return held;
}

/** Reads outputs as the program does. */
function outputsOf(root: string, read: ReadStackOutputs) {
  return async (stack: string): Promise<unknown> => {
    const found = await read(root, stack);
    if (!("reason" in found)) return found.outputs;
    const message = `cannot be read: ${found.reason}`;
    const fix = "Log in to the backend by pulumi login or PULUMI_BACKEND_URL, and check the name of the stack";
    throw new CouldNotLookError([{ file: `outputs of ${stack}`, path: "", message, fix }]);
  };
}

const stateForm = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ urn: z.string(), parent: z.string().optional(), delete: z.boolean().optional() }))
      .default([]),
  }),
});

/** A resource in the state of a stack. */
type Stated = z.output<typeof stateForm>["deployment"]["resources"][number];

/** The resources of a stack. Those that the engine has yet to delete are no longer the program's. */
async function statedResources(root: string, stack: string): Promise<readonly Stated[]> {
  const { deployment } = stateForm.parse(await exportState(root, stack));
  return deployment.resources.filter((one) => one.delete !== true);
}

/** URNs of the components of tenants, with all below them. */
export function resourcesOfTenants(resources: readonly Stated[], tenants: readonly string[]): readonly string[] {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const isOfTenant = (urn: string | undefined): boolean => {
    if (urn === undefined) return false;
    return tenants.some((name) => urn.endsWith(`$${tenantComponent}::${name}`)) || isOfTenant(parents.get(urn));
  };
  return resources.flatMap(({ urn }) => (isOfTenant(urn) ? [urn] : []));
}

function linesOf(held: readonly HeldTenant[]): string[] {
  return held.flatMap(({ tenant, problems }) => problems.map((problem) => `${tenant}: ${problemLine(problem)}`));
}
