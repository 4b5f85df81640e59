import { type BuildProgress, ensureToolchain, type Toolchain } from "@fleet/sandbox/toolchain";
import { duration } from "@fleet/sandbox/toolchain/progress";
import { isTerminal, type Step } from "../../../cli/start/tasks.js";
import type { TestSandbox } from "../../support/e2e/sandbox.js";
import { partsFolder, recipes } from "./recipes.js";
import { type Round, runRound } from "./round.js";
import { type Job, jobs, type PeerResult, type PeerSize, writingJobs } from "./samples.js";

/** The results of the rounds, to be printed. */
export interface PeerContext {
  /** The parts of OpenTofu. */
  peerParts?: Toolchain;
  /** @default none: no peer was measured */
  peer?: PeerResult;
}

/** Builds OpenTofu and its providers, as far as they are not built. It comes first, so that nothing is measured in vain. */
export const peerPartsStep: Step<PeerContext> = {
  title: "OpenTofu and its providers",
  task: async (context, task) => {
    context.peerParts = await ensureToolchain({
      recipes,
      source: partsFolder,
      onProgress: (progress) => {
        const line = progressLine(progress);
        if (line !== undefined) task.output = line;
      },
    });
  },
};

/** A line for people. Into a log goes no line that is repeated every second. */
function progressLine({ phase, message, total, elapsedSeconds }: BuildProgress): string | undefined {
  if (phase === "ready") return undefined;
  if (phase === "plan") return `${total} parts are built from Go sources, once for each version`;
  if (!isTerminal && (phase === "tick" || phase === "waiting")) return undefined;
  return `${message} (${duration(elapsedSeconds)} in all)`;
}

/**
 * Measures one number of tenants in several rounds.
 * @param register gets each sandbox as soon as it exists, so that an interrupted run can end it
 */
export function peerStep(tenants: number, rounds: number, register: (sandbox: TestSandbox) => void): Step<PeerContext> {
  return {
    title: `OpenTofu beside the program: ${tenants} tenants, ${rounds} rounds`,
    task: async (context, task) => {
      const toolchain = context.peerParts;
      if (toolchain === undefined) throw new Error("The parts of OpenTofu were not built.");
      const done: Round[] = [];
      while (done.length < rounds) {
        const say = (line: string) => {
          task.output = `round ${done.length + 1}: ${line}`;
        };
        done.push(await runRound({ tenants, toolchain, register, say }));
      }
      const sizes = [...(context.peer?.sizes ?? []), sizeOf(tenants, done)];
      context.peer = { name: "OpenTofu", rounds, sizes };
    },
  };
}

function sizeOf(tenants: number, rounds: readonly Round[]): PeerSize {
  const [first] = rounds;
  if (first === undefined) throw new Error("No round was measured.");
  const byJob = <T>(value: (job: Job) => T) => valuesOf(jobs, value);
  return {
    tenants,
    seconds: {
      fleet: byJob((job) => rounds.map(({ fleet }) => fleet[job].seconds)),
      peer: byJob((job) => rounds.map(({ peer }) => peer[job].seconds)),
      floor: {
        up: rounds.map(({ floor }) => floor.up),
        preview: rounds.map(({ floor }) => floor.preview),
        destroy: rounds.map(({ floor }) => floor.destroy),
      },
    },
    unavoidable: {
      emptyPreview: rounds.map(({ unavoidable }) => unavoidable.emptyPreview),
      firstPreview: rounds.map(({ unavoidable }) => unavoidable.firstPreview),
    },
    withoutCheckpoints: valuesOf(writingJobs, (job) => rounds.map((round) => round.withoutCheckpoints[job])),
    requests: {
      fleet: byJob((job) => first.fleet[job].requests.length),
      peer: byJob((job) => first.peer[job].requests.length),
    },
  };
}

function valuesOf<Name extends Job, T>(names: readonly Name[], value: (job: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((job) => [job, value(job)])) as Record<Name, T>;
}
