import { FleetError, fleetError } from "../lib/diagnostics/problem.js";
import type { StackPlan } from "../review/planned-resource.js";
import type { NamedGitHub } from "../review/record/assumed-github.js";
import { bundleRecorder } from "./diff/recorder-bundle.js";
import { runRecorder } from "./diff/run-recorder.js";

/** The arguments of {@link planStack}. */
export interface PlanStackArgs {
  /** Folder of the program and its files. */
  readonly root: string;
  readonly stack: string;
  /** Directory with Flux's manifests. @default - they are fetched */
  readonly manifests?: string | undefined;
  /** Whether Flux's own objects are left out. @default false */
  readonly withoutFlux?: boolean;
  /** The GitHub that the environment of an update names. @default - GitHub itself */
  readonly gitHub?: NamedGitHub | undefined;
}

/**
 * Everything that the program of a checkout registers on a stack, by the components that `pulumi up` runs. It needs no
 * credentials, cluster or GitHub. A mark stands for each secret; all marks are alike.
 * @throws FleetError with the problems of the stack's files
 */
export async function planStack({
  root,
  stack,
  manifests,
  withoutFlux = false,
  gitHub,
}: PlanStackArgs): Promise<StackPlan> {
  const bundle = await bundleRecorder(root, { workingTree: root, isPrivate: false });
  const { recorded } = await runRecorder(bundle, { stacks: [stack], secretKey: "", manifests, withoutFlux, gitHub });
  const [one] = recorded;
  if (one === undefined) throw fleetError(`Pulumi.${stack}.yaml`, "", "is no stack of this checkout");
  if ("plan" in one) return one.plan;
  throw new FleetError(one.problems.map((message) => ({ file: `Pulumi.${stack}.yaml`, path: "", message })));
}
