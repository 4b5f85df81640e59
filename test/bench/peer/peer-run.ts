import type { Toolchain } from "@fleet/sandbox/toolchain";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { ApiServer } from "../api-server.js";
import type { FleetRun } from "../fleet-run.js";
import { manifestsOf } from "../manifests.js";
import type { RecordedResource } from "../state.js";
import { type TimedRun, timedRun } from "../timed-run.js";
import { openTofuConfiguration } from "./configuration.js";
import { OpenTofu } from "./open-tofu.js";
import type { Job } from "./samples.js";

/** The states of the program that OpenTofu reaches too. */
export interface States {
  readonly base: readonly RecordedResource[];
  /** After the change of one tenant. */
  readonly changed: readonly RecordedResource[];
}

/** Kinds that go last: when they are gone, everything in them is. */
const lastKinds = ["Namespace", "CustomResourceDefinition"];

/**
 * Has OpenTofu do each job on the cluster and the GitHub of a fleet that was destroyed before.
 * @param say told the progress
 */
export async function runPeer(
  toolchain: Toolchain,
  fleet: FleetRun,
  { base, changed }: States,
  say: (line: string) => void,
): Promise<Record<Job, TimedRun>> {
  const { variables, kubernetes } = fleet.environment;
  const tofu = await OpenTofu.create({ toolchain, variables, directory: await fleet.sandbox.scratch("opentofu") });
  const api = new ApiServer(kubernetes.kubeconfig);
  const github = await fleet.sandbox.github();
  const job = async (name: Job, run: () => Promise<void>) => {
    const timed = await timedRun(github, run);
    say(`OpenTofu: ${name}: ${timed.seconds.toFixed(1)} s`);
    return timed;
  };
  try {
    await tofu.configure(openTofuConfiguration(base));
    await tofu.init();
    const up = await job("up", () => tofu.apply());
    await fleet.waitForSyncs(say);
    const preview = await job("preview", () => tofu.plan());
    await tofu.configure(openTofuConfiguration(changed));
    const change = await job("change", () => tofu.apply());
    const destroy = await job("destroy", async () => {
      await tofu.destroy();
      // The provider does not wait for these, and the program does.
      await Promise.all(lastObjects(base).map((object) => api.waitUntilGone(object)));
    });
    return { up, preview, change, destroy };
  } finally {
    await api.close();
  }
}

function lastObjects(resources: readonly RecordedResource[]): KubernetesObject[] {
  return manifestsOf(resources).flatMap(({ object }) => (lastKinds.includes(object.kind) ? [object] : []));
}
