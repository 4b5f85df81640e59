import { cpus, loadavg, totalmem } from "node:os";
import type { Step } from "../../cli/start/tasks.js";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { budgetsOf } from "./budgets.js";
import { requestsByTenant, resourcesByTenant, worst } from "./costs.js";
import { type CountedRequests, FleetRun } from "./fleet-run.js";
import { Floor, type Floors } from "./floor.js";
import { manifestsOf } from "./manifests.js";
import { phasesOf } from "./phases.js";
import type { BenchResult, Timing } from "./result.js";
import type { RecordedResource } from "./state.js";
import type { TimedRun } from "./timed-run.js";

/** The result of the benchmark, to be printed. */
export interface BenchContext {
  result?: BenchResult;
}

/** The measurements of the program itself. */
interface Measured {
  readonly fleet: FleetRun;
  readonly up: TimedRun;
  /** GiB, once every tenant's sync was Ready. */
  readonly memory: number;
  readonly upAgain: TimedRun;
  readonly preview: TimedRun;
  readonly counted: CountedRequests;
  readonly destroy: TimedRun;
  readonly resources: readonly RecordedResource[];
  /** Processes that wanted the machine in the minute before all this began. */
  readonly load: number;
}

/**
 * The benchmark for one number of tenants.
 * @param register gets the sandbox as soon as it exists, so that the caller can end it
 */
export function benchStep(count: number, register: (sandbox: TestSandbox) => void): Step<BenchContext> {
  return {
    title: `${count} tenants`,
    task: async (context, task) => {
      context.result = await bench(count, register, (line) => {
        task.output = line;
      });
    },
  };
}

async function bench(
  count: number,
  register: (sandbox: TestSandbox) => void,
  say: (line: string) => void,
): Promise<BenchResult> {
  const [load = 0] = loadavg();
  say("a sandbox of its own");
  const fleet = await FleetRun.start(count, register);
  const floor = await Floor.start(fleet.sandbox);
  try {
    say("pulumi up");
    const up = await told(fleet.up(), "up", say);
    await fleet.waitForSyncs(say);
    const memory = await fleet.memory();
    const upAgain = await told(fleet.upAgain(), "no-change up", say);
    const preview = await told(fleet.preview(), "no-change preview", say);
    const resources = await fleet.resources();
    const manifests = manifestsOf(resources);
    const requests = { up: up.requests, upAgain: upAgain.requests, preview: preview.requests };
    const floors = await floor.measure({ manifests, resources, requests }, (line) => say(`the floor: ${line}`));
    say("requests of a preview and of a change, through a proxy that counts");
    const counted = await fleet.countRequests();
    const destroy = await told(fleet.destroy(), "destroy", say);
    const calls = await floor.removeFromGitHub(destroy.requests, resources);
    const measured = { fleet, up, memory, upAgain, preview, counted, destroy, resources, load };
    return summarize(measured, floors, Math.max(floors.removal, calls));
  } finally {
    await floor.end();
  }
}

async function told(running: Promise<TimedRun>, what: string, say: (line: string) => void): Promise<TimedRun> {
  const run = await running;
  say(`${what}: ${run.seconds.toFixed(1)} s`);
  return run;
}

function summarize(measured: Measured, floors: Floors, removal: number): BenchResult {
  const { fleet, up, memory, upAgain, preview, counted, destroy, resources } = measured;
  const { tenants } = fleet;
  const [cpu] = cpus();
  return {
    tenants: tenants.length,
    date: new Date(up.began).toISOString(),
    load: measured.load,
    machine: `${cpus().length} × ${cpu?.model ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}`,
    timings: timings(measured, floors, removal),
    phases: phasesOf(resources, up.began, up.began + up.seconds * 1000),
    budgets: budgetsOf({
      resources: worst(resourcesByTenant(resources)),
      creationRequests: worst(requestsByTenant(up.requests, tenants)),
      previewRequests: worst(requestsByTenant(preview.requests, tenants)),
      previewOnGitHub: preview.requests.length,
      previewOnKubernetes: counted.preview.length,
      changeOnGitHub: counted.changeOnGitHub.length,
      changeOnKubernetes: counted.change.length,
    }),
    counts: {
      "Resources in all": resources.length,
      "Kubernetes objects in all": manifestsOf(resources).length,
      "GitHub requests of up": up.requests.length,
      "GitHub requests of a no-change up": upAgain.requests.length,
      "GitHub requests of destroy": destroy.requests.length,
    },
    goals: [
      { what: "Sandbox ready, parts cached", measured: fleet.readySeconds, atMost: 15, unit: "s" },
      { what: "Memory of one environment and GitHub, tenants Ready", measured: memory, atMost: 1.5, unit: "GiB" },
    ],
  };
}

function timings({ up, upAgain, preview, destroy }: Measured, floors: Floors, removal: number): Timing[] {
  return [
    { what: "up", measured: up.seconds, floor: { seconds: floors.upReady, of: "sent, and the platform Ready" } },
    { what: "up", measured: up.seconds, floor: { seconds: floors.up, of: "sent" } },
    { what: "no-change up", measured: upAgain.seconds, floor: { seconds: floors.upAgain, of: "sent again" } },
    { what: "no-change preview", measured: preview.seconds, floor: { seconds: floors.preview, of: "dry run" } },
    { what: "destroy", measured: destroy.seconds, floor: { seconds: removal, of: "deleted and gone" } },
  ];
}
