import type { FleetSpec } from "../../config/fleet-spec.js";
import { fluxFiles } from "../../config/platform/flux-files.js";
import type { Files } from "../../config/platform/kustomize-build.js";
import { clusterVariables } from "../../config/stack/cluster-variables.js";
import { buildPlatform, type PlatformBuild } from "./build-platform.js";
import type { KustomizeProgram } from "./kustomize-program.js";
import { readUnbuilt } from "./read-unbuilt.js";

/**
 * The objects that the platform's syncs apply on the cluster of a stack, of the files that Flux has.
 * @param program @default - nothing is built: the objects are those of the files, without the changes of kustomizations
 */
export async function buildStack(
  all: Files,
  spec: FleetSpec,
  program: KustomizeProgram | undefined,
): Promise<PlatformBuild> {
  const { stack, platform } = spec;
  const files = fluxFiles(all);
  const variables = clusterVariables(spec, platform.variables);
  if (program === undefined) return readUnbuilt(files, spec, variables);
  return await buildPlatform({ files, stack, variables, program });
}
