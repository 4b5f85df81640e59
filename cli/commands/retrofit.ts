import { type Command, InvalidArgumentError, Option } from "commander";
import type { ReleasedFlux } from "../../operate/retrofit/installation.js";
import type { PlannedObject } from "../../operate/verify/planned-objects.js";
import type { ApiClient, ClusterLimits } from "../cluster/api-client.js";
import { confirm } from "../confirm.js";
import { FindingsError } from "../exit-code.js";
import { JobError } from "../explain.js";
import { type DataForm, outputOption } from "../output/output-option.js";
import { withProgress } from "../output/progress.js";
import type { WrittenStep } from "../retrofit/apply-step.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

/** The systems that the command uses, for tests. */
export interface RetrofitSystems {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
  /** The objects that the program registers on a stack. */
  readonly plan: (root: string, stack: string) => Promise<readonly PlannedObject[]>;
  /** The objects of the release of Flux that a stack pins. */
  readonly release: (root: string, stack: string) => Promise<ReleasedFlux>;
  /** Logs in to the cluster of the context. @throws CouldNotLookError */
  readonly connect: (
    args: Pick<RetrofitSystems, "environment" | "limits"> & { readonly context: string },
  ) => Promise<ApiClient>;
  /** Asks for consent. Undefined without a terminal. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

interface RetrofitOptions {
  readonly context: string;
  readonly stack: string;
  readonly apply?: WrittenStep;
  readonly undo?: WrittenStep;
  readonly yes: boolean;
  readonly wait: number;
  readonly output: DataForm;
}

/** As cli/retrofit/apply-step.ts has them. Its import would load the clients. */
const written: readonly WrittenStep[] = ["accounts", "syncs", "flags", "bindings"];

const examples = `
Examples:
  npx fleet retrofit --context prod --stack prod-eu                          the plan; changes nothing
  npx fleet retrofit --context prod --stack prod-eu --output markdown        for a pull request
  npx fleet retrofit --context prod --stack prod-eu --apply accounts         one step, after its dry run and a question
  npx fleet retrofit --context prod --stack prod-eu --apply syncs --yes      in a script
  npx fleet retrofit --context prod --stack prod-eu --undo syncs             takes the step back
`;

/** Adds `retrofit`. @param use the systems that it uses @default - those of this process */
export function addRetrofitCommand(program: Command, streams: Streams, root: string, use = systemsOf(streams)): void {
  program
    .command("retrofit")
    .summary("bring a cluster that runs Flux without lockdown under a stack, step by step")
    .description(
      "plan the steps that bring a cluster with Flux under lockdown, and then under the program, without an outage: accounts, the proof that each sync applies as its account, the change of the syncs, the controllers' flags, the adoption, and bindings that give too much; changes nothing without --apply and --undo. A change of an object that Flux applies is printed for its file, and never made on the cluster",
    )
    .requiredOption("--context <context>", "context of KUBECONFIG that leads to the cluster")
    .requiredOption("--stack <stack>", "stack whose files describe the tenants of the cluster")
    .addOption(new Option("--apply <step>", "make one step").choices(written).conflicts("undo"))
    .addOption(new Option("--undo <step>", "take one step back").choices(written))
    .option("--yes", "do not ask", false)
    .option("--wait <seconds>", "time for Flux to follow a step", seconds, 180)
    .addOption(outputOption())
    .addHelpText("after", examples)
    .action(async (options: RetrofitOptions, command: Command) => {
      const stack = await requireStack(command, root, options.stack);
      await requireTenants(root, stack, options.context);
      await run(command, streams, { ...use, ...options, root, stack });
    });
}

function systemsOf({ isTerminal = false }: Streams): RetrofitSystems {
  const isAsked = isTerminal && process.stdin.isTTY;
  return {
    environment: process.env,
    limits: { answerMs: 30_000, loginMs: 10_000 },
    connect: async (args) => (await import("../cluster/connect-named.js")).connectNamed(args),
    plan: async (root, stack) => (await import("../retrofit/plan-objects.js")).planObjects(root, stack, process.env),
    release: async (...args) => (await import("../retrofit/released-flux.js")).releasedFlux(...args, process.env),
    ask: isAsked ? (question) => confirm(question, process.stdin, process.stdout) : undefined,
  };
}

/** @throws JobError for a stack without tenants: no sync of the cluster would have an account */
async function requireTenants(root: string, stack: string, context: string): Promise<void> {
  const [{ readTenantFiles }, { filesCommand }] = await Promise.all([
    import("../../config/files/tenant-files.js"),
    import("../../operate/retrofit/sync-accounts.js"),
  ]);
  if (readTenantFiles(root, stack).overlays.size > 0) return;
  const command = filesCommand({ context, stack });
  throw new JobError(`The stack ${stack} has no tenants. Write their files from the cluster first: ${command}`);
}

type RunArgs = RetrofitSystems & RetrofitOptions & { readonly root: string };

async function run(command: Command, { out }: Streams, args: RunArgs): Promise<void> {
  const { context, stack, apply, undo, output } = args;
  // Imported here, because other commands need neither the clients of clusters nor the rules.
  const [{ inReach }, { lookAtRetrofit }, { applyStep }, { undoStep }, { retrofitText }] = await Promise.all([
    import("../retrofit/in-reach.js"),
    import("../retrofit/look.js"),
    import("../retrofit/apply-step.js"),
    import("../retrofit/undo-step.js"),
    import("../retrofit/output.js"),
  ]);
  if (apply !== undefined || undo !== undefined) requireAnswer(command, args);
  const client = await args.connect(args);
  return await inReach(client, async () => {
    const planned = await withProgress(`Planning ${stack}`, () => args.plan(args.root, stack));
    const release = await withProgress(`Reading Flux of ${stack}`, () => args.release(args.root, stack));
    const shared = { client, stack: { context, stack, planned, release }, out, waitMs: args.wait * 1000 };
    const use = { ...shared, consent: (question: string) => consent(args, question) };
    if (apply !== undefined) return await applyStep(use, apply);
    if (undo !== undefined) return await undoStep(use, undo);
    const { proof, steps } = await withProgress(`Reading ${context}`, () => lookAtRetrofit(client, use.stack));
    const { rights, dryRuns, isPredicted } = proof;
    const look = { context, server: client.server, stack, requests: client.requests(), steps };
    out(retrofitText({ ...look, proof: { rights, dryRuns, isPredicted } }, output));
    const open = steps.filter(({ id, state }) => id !== "verify" && state !== "done");
    if (open.length === 0) return;
    throw new FindingsError(
      `${open.length} of ${steps.length - 1} steps are not done. The next one is ${open[0]?.id}.`,
    );
  });
}

/** A step that changes the cluster needs a person, or `--yes`. */
function requireAnswer(command: Command, { yes, ask }: RunArgs): void {
  if (!yes && ask === undefined) {
    command.error("error: without a terminal, --apply and --undo need --yes. Nothing was changed.");
  }
}

/** @throws JobError without consent */
async function consent({ yes, ask }: RunArgs, question: string): Promise<void> {
  if (yes || (await ask?.(`${question} [y/N] `))) return;
  throw new JobError("Nothing was changed.");
}

function seconds(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number of seconds, like 180.");
}
