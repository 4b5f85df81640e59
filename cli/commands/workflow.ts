import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../config/stack/environment.js";
import { JobError } from "../explain.js";
import { findStacks, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";
import type { RepositoryApi } from "../workflow/repository-api.js";
import type { StackOrder } from "../workflow/waves.js";

const variables = `
GitHub sets the variables in each job. To run a command by hand, set GITHUB_REPOSITORY (OWNER/NAME) and GITHUB_TOKEN, or
in its place the variables of a GitHub App (docs/day-two/keys-and-tokens.md). workflow comment also reads
GITHUB_EVENT_PATH.
`;

/** The parts that the commands need besides their arguments. */
interface Context {
  readonly program: Command;
  readonly streams: Streams;
  readonly root: string;
  readonly environment: Environment;
}

/** Adds `workflow`: the steps of `.github/workflows/`. */
export function addWorkflowCommands(
  program: Command,
  streams: Streams,
  root: string,
  environment: Environment = process.env,
): void {
  const group = program
    .command("workflow")
    .description("the steps of the workflows in .github/workflows (docs/workflows.md)")
    .addHelpText("after", variables);
  const context = { program: group, streams, root, environment };
  addOrderCommands(context);
  addWritingCommands(context);
  addStatusesCommand(context);
  addCredentialCommands(context);
}

function addOrderCommands(context: Context): void {
  const { program, streams, root } = context;
  program
    .command("stacks")
    .description("print the order of stacks, and its chains, as outputs of a step; needs no credentials")
    .action(async () => {
      const { orderStacks, stepOutputs } = await import("../workflow/waves.js");
      streams.out(stepOutputs(orderStacks(root, await findStacks(root))));
    });
  addWaveCommand(context);
  addNewestCommand(context);
}

function addWaveCommand({ program, streams: { out, err }, root, environment }: Context): void {
  program
    .command("wave")
    .summary("print the stacks of a wave whose predecessor was updated")
    .description(
      "print the stacks of a wave, as an output of a step, whose predecessor was updated to the commit of the working tree; name the others and why they wait",
    )
    .argument("<number>", "number of the wave, from 2 on", laterWave)
    .option("--chain <stack>", "only stacks that follow this one, which has no predecessor (default: all stacks)")
    .action(async (wave: number, { chain }: { readonly chain?: string }, command: Command) => {
      const { nextWave } = await import("../workflow/next-wave.js");
      const { gitOutput } = await import("../diff/git.js");
      const { stacks, waiting } = await nextWave({
        order: await orderOf(command, root, chain),
        api: await apiOf(environment),
        wave,
        commit: await gitOutput(root, ["rev-parse", "HEAD"]),
        branch: environment.GITHUB_REF_NAME || undefined,
      });
      for (const line of waiting) err(`${line}\n`);
      out(`stacks=${JSON.stringify(stacks)}\n`);
    });
}

/** The order of all stacks, or of one chain. Refuses a chain that does not begin with the stack. */
async function orderOf(command: Command, root: string, first: string | undefined): Promise<StackOrder> {
  const { chainOrder, orderStacks } = await import("../workflow/waves.js");
  const order = orderStacks(root, await findStacks(root));
  if (first === undefined) return order;
  const chain = chainOrder(order, await requireStack(command, root, first));
  if (chain.waves.length > 0) return chain;
  return command.error(
    `error: ${first} has a predecessor, so no chain begins with it.\nWhat to do: name the stack without fleet:promotesFrom.`,
  );
}

function addNewestCommand({ program, streams: { out }, root, environment }: Context): void {
  program
    .command("newest")
    .summary("refuse a commit that is older than one that was deployed")
    .description("fail when a newer commit than that of the working tree was deployed to the environment of the stack")
    .argument("<stack>", "stack that is about to be updated")
    .action(async (named: string, _: object, command: Command) => {
      const stack = await requireStack(command, root, named);
      const { requireNewest } = await import("../workflow/newest-deployment.js");
      // GitHub's name of the branch that started the job.
      const branch = environment.GITHUB_REF_NAME || undefined;
      out(`${await requireNewest({ api: await apiOf(environment), root, stack, branch })}\n`);
    });
}

/** A wave that others come before. A typing error would otherwise leave out all stacks without a word. */
function laterWave(text: string): number {
  if (/^([2-9]|[1-9]\d+)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be the number of a wave, from 2 on.");
}

function addWritingCommands({ program, streams: { out }, root, environment }: Context): void {
  program
    .command("comment")
    .summary("write the review of a pull request as its comment")
    .description(
      "write or edit the comment of a pull request from the document of fleet diff --output json; the pull request is that of the event, and the document is data of an untrusted run",
    )
    .argument("<file>", "document that the run of the pull request left behind")
    .action(async (file: string) => {
      const { writeReviewComment } = await import("../workflow/review-comment.js");
      const event = JSON.parse(readFileSync(variable(environment, "GITHUB_EVENT_PATH"), "utf8")) as unknown;
      const repository = variable(environment, "GITHUB_REPOSITORY");
      const api = await apiOf(environment);
      out(`${await writeReviewComment({ api, event, repository, file })}\n`);
    });
  program
    .command("drift")
    .summary("open, edit or close the issue about a stack's drift")
    .description(
      "open or edit the issue about the drift of a stack from the document of fleet diff --live, or close it",
    )
    .argument("<stack>", "stack that was compared")
    .argument("<file>", "document of fleet diff --live STACK --output json")
    .action(async (named: string, file: string, _: object, command: Command) => {
      const stack = await requireStack(command, root, named);
      const { writeDriftIssue } = await import("../workflow/drift-issue.js");
      out(`${await writeDriftIssue({ api: await apiOf(environment), stack, file })}\n`);
    });
  program
    .command("promotion")
    .summary("open or update the pull request of a promotion")
    .description(
      "open or update the pull request with the changes that fleet promote made in the working tree, or close it when there are none",
    )
    .argument("<from>", "stack that has run it")
    .argument("<to>", "stack whose files were edited")
    .option("--base <branch>", "branch that the pull request is for", "main")
    .action(async (from: string, to: string, { base }: { base: string }, command: Command) => {
      const pair = { from: await requireStack(command, root, from), to: await requireStack(command, root, to) };
      const { writePromotionPull } = await import("../workflow/promotion-pull.js");
      const { serverOf } = await import("../workflow/repository-api.js");
      const remote = `${serverOf(environment)}/${variable(environment, "GITHUB_REPOSITORY")}.git`;
      const api = await apiOf(environment);
      out(`${await writePromotionPull({ ...pair, api, root, base, remote })}\n`);
    });
}

function addStatusesCommand({ program, streams: { out }, root, environment }: Context): void {
  program
    .command("statuses")
    .summary("write the results of tenants' syncs to their commits")
    .description(
      "write a status to the commit that each sync of a stack's tenants tried last, with Flux's reason of a failure; reads the cluster by KUBECONFIG, and needs Commit statuses: write on the tenants' repositories",
    )
    .argument("<stack>", "stack whose tenants get statuses")
    .action(async (named: string, _: object, command: Command) => {
      const stack = await requireStack(command, root, named);
      const { writeCommitStatuses } = await import("../workflow/commit-statuses.js");
      out(`${await writeCommitStatuses({ root, stack, environment })}\n`);
    });
}

function addCredentialCommands({ program, streams: { out }, environment }: Context): void {
  program
    .command("kubeconfig")
    .description("write the kubeconfig in FLEET_KUBECONFIG to a new file that only this account reads")
    .argument("<file>", "path of the new file")
    .action(async (file: string) => {
      const { writeKubeconfig } = await import("../workflow/kubeconfig-file.js");
      writeKubeconfig(file, environment.FLEET_KUBECONFIG);
    });
  program
    .command("cluster-token")
    .summary("print an OpenID Connect token of this job for a cluster")
    .description("print a token of this job as an ExecCredential, for the exec of a kubeconfig's user")
    .argument("<audience>", "audience that the cluster expects")
    .action(async (audience: string) => {
      const { clusterToken } = await import("../workflow/cluster-token.js");
      out(await clusterToken(audience, environment));
    });
}

/** A variable that must be set. @throws JobError when it is not */
function variable(environment: Environment, name: string): string {
  const { [name]: value = "" } = environment;
  if (value !== "") return value;
  throw new JobError(`${name} is not set.\nWhat to do: see npx fleet workflow --help.`);
}

async function apiOf(environment: Environment): Promise<RepositoryApi> {
  const [{ repositoryApi }, { parseRepository }, { hasCredentials, readCredentials }] = await Promise.all([
    import("../workflow/repository-api.js"),
    import("../github/pull-request-name.js"),
    import("../../lib/github/credentials.js"),
  ]);
  // Without any, the message names the token. A part of an App is refused by its own name.
  if (!hasCredentials(environment) && readCredentials(environment).problems.length === 0) {
    variable(environment, "GITHUB_TOKEN");
  }
  const repository = parseRepository(variable(environment, "GITHUB_REPOSITORY"));
  if (repository !== undefined) return repositoryApi(environment, repository);
  throw new JobError("GITHUB_REPOSITORY is not OWNER/NAME.\nWhat to do: see npx fleet workflow --help.");
}
