import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { PROOF_OUTPUT, type Proof, parseProof } from "../../promotion/proof.js";
import { partsInForce, type ReadyLook, withLook } from "../../promotion/ready.js";
import { withReadyRecord } from "../../promotion/ready-record.js";
import { refuseFurtherTargets } from "../engine-options.js";
import { JobError } from "../explain.js";
import type { ReadStackOutputs } from "../stack-outputs.js";
import { interruptible } from "../start/tasks.js";
import { proofUrn } from "../update-tenant.js";

/** Runs the engine with arguments, in a folder. @throws JobError with the engine's output */
export type RunEngine = (
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
) => Promise<void>;

/** The proof in the outputs of a stack. @throws JobError when there is none */
export async function readProof(root: string, stack: string, read: ReadStackOutputs): Promise<Proof> {
  const found = await read(root, stack);
  const instead = "Or look without a record: --no-record";
  if ("reason" in found) {
    const message = `The outputs of the stack ${stack} could not be read, so nothing can be recorded: ${found.reason}`;
    throw new JobError(`${message}\nWhat to do: log in to its backend. ${instead}`);
  }
  const proved = parseProof(Object(found.outputs)[PROOF_OUTPUT]);
  if (proved !== undefined) return proved;
  const message = `The stack ${stack} has no output that says what it has run, so nothing can be recorded.`;
  throw new JobError(`${message}\nWhat to do: run pulumi up on the whole stack first. ${instead}`);
}

/** A look at the cluster of a stack, and the systems that keep it. */
export interface RecordArgs {
  readonly root: string;
  readonly stack: string;
  /** The proof before the look. */
  readonly proved: Proof;
  readonly look: ReadyLook;
  /** Time of the look, in milliseconds since 1970. */
  readonly at: number;
  /** Reads the proof that the stack has by now. */
  readonly current: () => Promise<Proof>;
  /** Runs the engine. @default - pulumi */
  readonly run?: RunEngine | undefined;
}

/**
 * Records a look at the cluster in the proof of a stack, by an update whose only target is that proof.
 * @returns whether there was anything new to record
 */
export async function recordLook({ root, stack, proved, look, at, current, run }: RecordArgs): Promise<boolean> {
  // Another command may have recorded an older look since this one began.
  if (isRecorded(proved, look) && isRecorded(await current(), look)) return false;
  refuseFurtherTargets();
  const record = { look, at, parts: JSON.stringify(partsInForce(proved)) };
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, "--target", proofUrn(root, stack)];
  await withReadyRecord(record, (variables) => (run ?? runEngine)(args, root, variables));
  return true;
}

function isRecorded(proved: Proof, look: ReadyLook): boolean {
  return isDeepStrictEqual(withLook(proved, look, 0).ready, proved.ready);
}

const runEngine: RunEngine = async (args, cwd, env) => {
  const options = { cwd, env, stdin: "ignore", all: true, reject: false } as const;
  const engine = execa("pulumi", [...args, "--non-interactive", "--color", "never"], options);
  // A terminal sends its interrupt to the engine, too. A second one would make the engine stop at once.
  const onSignal = () => process.stdin.isTTY || engine.kill("SIGINT");
  const { failed, all, shortMessage } = await interruptible(onSignal, async () => await engine);
  if (failed) throw new JobError(`The record failed: pulumi ${args[0]} said:\n${all?.trim() || shortMessage}`);
};
