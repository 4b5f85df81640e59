import { startControlPlane } from "../control-plane/control-plane.js";
import { startFluxRunner } from "../flux-runner/flux-runner.js";
import { environmentPaths, statePaths } from "../state/state-directory.js";
import type { Hosted } from "./host.js";
import type { EnvironmentRecord } from "./record.js";
import type { EnvironmentSpec } from "./spec.js";

/** Hosts one cluster: the control plane, and on it the runner of whatever Flux controllers are installed. */
export async function hostEnvironment(spec: EnvironmentSpec): Promise<Hosted<Pick<EnvironmentRecord, "environment">>> {
  const dirs = environmentPaths(statePaths(spec.stateDirectory), spec.stack);
  const { bin } = spec.toolchain;
  const controlPlane = await startControlPlane({ dir: dirs.controlPlane, bin, name: spec.stack });
  try {
    const { kubeconfig, server } = controlPlane;
    const flux = await startFluxRunner({ kubeconfig, bin, dir: dirs.fluxRunner });
    return {
      details: { environment: { kubeconfig, server, receiverUrl: flux.receiverUrl } },
      stop: async () => {
        // The controllers first: they say good-bye to the API server.
        await flux.stop();
        await controlPlane.stop();
      },
    };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}
