import { startControlPlane } from "../control-plane/control-plane.js";
import { startClusterNetwork } from "../flux-runner/cluster-network.js";
import { startFluxRunner } from "../flux-runner/flux-runner.js";
import { startEgress } from "../registry/egress.js";
import { publishedCharts } from "../registry/published-charts.js";
import { environmentPaths, statePaths } from "../state/state-directory.js";
import { ensureToolchain } from "../toolchain/toolchain.js";
import { furtherControllers } from "../toolchain/wanted-parts.js";
import type { Hosted } from "./host.js";
import type { EnvironmentRecord } from "./record.js";
import type { EnvironmentSpec } from "./spec.js";

/** Hosts one cluster: the control plane, and on it the runner of whatever controllers are installed. */
export async function hostEnvironment(spec: EnvironmentSpec): Promise<Hosted<Pick<EnvironmentRecord, "environment">>> {
  const paths = statePaths(spec.stateDirectory);
  const dirs = environmentPaths(paths, spec.stack);
  const { bin } = spec.toolchain;
  const undo: (() => Promise<void>)[] = [];
  // The controllers first: they say good-bye to the API server.
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const network = await startClusterNetwork();
    undo.push(() => network.stop());
    const serviceProxy = network.socket;
    const controlPlane = await startControlPlane({ dir: dirs.controlPlane, bin, name: spec.stack, serviceProxy });
    undo.push(() => controlPlane.stop());
    const charts = await publishedCharts(spec.toolchain.dir);
    const egress = await startEgress({ dir: dirs.registries, charts, added: paths.charts });
    undo.push(() => egress.stop());
    const { kubeconfig, server } = controlPlane;
    const build = (controller: string) => buildController(controller, spec);
    const flux = await startFluxRunner({ kubeconfig, bin, build, egress, network, dir: dirs.fluxRunner });
    undo.push(() => flux.stop());
    return { details: { environment: { kubeconfig, server, receiverUrl: flux.receiverUrl } }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Builds a controller that was not asked for when the environment was started. */
async function buildController(controller: string, { stack, toolchain }: EnvironmentSpec): Promise<void> {
  if (!furtherControllers.includes(controller)) return;
  const { bin } = await ensureToolchain({ parts: [controller] });
  if (bin === toolchain.bin) return;
  // Go, or a pin of the checkout, is another one than when the environment was started.
  throw new Error(`${controller} belongs to other parts than this cluster's: run \`npx fleet sandbox up ${stack}\`.`);
}
