import type { Toolchain } from "@fleet/sandbox/toolchain";
import type { Emulator } from "../../support/e2e/emulator.js";
import type { TestSandbox } from "../../support/e2e/sandbox.js";
import { FleetRun } from "../fleet-run.js";
import { Floor } from "../floor.js";
import { manifestsOf } from "../manifests.js";
import type { TimedRun } from "../timed-run.js";
import { runPeer, type States } from "./peer-run.js";
import type { Job, unavoidableParts, writingJobs } from "./samples.js";

/** The measurements of one round. */
export interface Round {
  readonly fleet: Readonly<Record<Job, TimedRun>>;
  readonly peer: Readonly<Record<Job, TimedRun>>;
  /** Seconds. */
  readonly unavoidable: Readonly<Record<(typeof unavoidableParts)[number], number>>;
  /** Seconds of the program with one write of the state. */
  readonly withoutCheckpoints: Readonly<Record<(typeof writingJobs)[number], number>>;
  /** Seconds. */
  readonly floor: Readonly<Record<Exclude<Job, "change">, number>>;
}

/** The arguments of a round. */
export interface RoundArgs {
  readonly tenants: number;
  /** The parts of the peer. */
  readonly toolchain: Toolchain;
  /** Gets the sandbox as soon as it exists, so that the caller can end it. */
  readonly register: (sandbox: TestSandbox) => void;
  /** Told the progress. */
  readonly say: (line: string) => void;
}

/**
 * One round on a sandbox of its own: the program does its jobs, beside the floor, and again without checkpoints. Then
 * OpenTofu does the same jobs on the same cluster and the same GitHub. It profits from caches that the program filled.
 */
export async function runRound({ tenants, toolchain, register, say }: RoundArgs): Promise<Round> {
  const fleet = await FleetRun.start(tenants, register);
  try {
    const { states, ...measured } = await runFleet(fleet, say);
    const github = await fleet.sandbox.github();
    await deleteRepositories(github);
    const withoutCheckpoints = await runWithoutCheckpoints(fleet, say);
    await deleteRepositories(github);
    return { ...measured, withoutCheckpoints, peer: await runPeer(toolchain, fleet, states, say) };
  } finally {
    await fleet.sandbox.end();
  }
}

async function runFleet(
  fleet: FleetRun,
  say: (line: string) => void,
): Promise<Omit<Round, "peer" | "withoutCheckpoints"> & { readonly states: States }> {
  const floor = await Floor.start(fleet.sandbox);
  const told = async (name: Job, running: Promise<TimedRun>) => {
    const run = await running;
    say(`fleet: ${name}: ${run.seconds.toFixed(1)} s`);
    return run;
  };
  try {
    say("an empty Pulumi program, and the preview that begins the first update");
    const unavoidable = { emptyPreview: await fleet.emptyPreview(), firstPreview: await fleet.firstPreview() };
    const up = await told("up", fleet.up());
    await fleet.waitForSyncs(say);
    const preview = await told("preview", fleet.preview());
    const base = await fleet.resources();
    const requests = { up: up.requests, upAgain: preview.requests, preview: preview.requests };
    const floors = await floor.measure({ manifests: manifestsOf(base), resources: base, requests }, say);
    await fleet.changeOneTenant();
    const change = await told("change", fleet.up());
    const changed = await fleet.resources();
    const destroy = await told("destroy", fleet.destroy());
    const removal = Math.max(floors.removal, await floor.removeFromGitHub(destroy.requests, base));
    return {
      fleet: { up, preview, change, destroy },
      unavoidable,
      floor: { up: floors.upReady, preview: floors.preview, destroy: removal },
      states: { base, changed },
    };
  } finally {
    await floor.end();
  }
}

/** The jobs that write the state, with one write each and without the engine's preview before them. */
async function runWithoutCheckpoints(
  fleet: FleetRun,
  say: (line: string) => void,
): Promise<Round["withoutCheckpoints"]> {
  const told = async (name: Job, running: Promise<TimedRun>) => {
    const { seconds } = await running;
    say(`fleet without checkpoints: ${name}: ${seconds.toFixed(1)} s`);
    return seconds;
  };
  const up = await told("up", fleet.upWithoutCheckpoints());
  await fleet.waitForSyncs(say);
  await fleet.changeOneTenant("small");
  const change = await told("change", fleet.upWithoutCheckpoints());
  return { up, change, destroy: await told("destroy", fleet.destroyWithoutCheckpoints()) };
}

/** Deletes the repositories that the program only archives: OpenTofu would find their names taken. */
async function deleteRepositories(github: Emulator): Promise<void> {
  for (;;) {
    const { body } = await github.api("GET", "orgs/:owner/repos?per_page=100");
    const repositories = body as readonly { readonly name: string }[];
    if (repositories.length === 0) return;
    for (const { name } of repositories) {
      const { status } = await github.api("DELETE", `repos/:owner/${name}`);
      if (status !== 204) throw new Error(`The repository ${name} was not deleted: ${status}.`);
    }
  }
}
