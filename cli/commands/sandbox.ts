import type { Command } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { defaultStack, requireStack } from "../stacks.js";
import { renderStatus } from "../start/tables.js";
import type { Streams } from "../streams.js";

/** Imported by each command, because every other command of fleet would wait for it at its start. */
const loadSandbox = () => import("@fleet/sandbox");

/** Adds `sandbox up|down|status|env|build`. @param root checkout that has the stacks */
export function addSandboxCommands(program: Command, streams: Streams, root: string): void {
  const sandbox = program
    .command("sandbox")
    .description("a GitHub emulator and one Kubernetes cluster for each stack, on this machine");
  for (const add of [addUp, addDown, addStatus, addEnv, addBuild]) add(sandbox, streams, root);
}

function addUp(sandbox: Command, { out }: Streams, root: string): void {
  sandbox
    .command("up")
    .description(
      "start the GitHub emulator and the cluster of a stack; running processes are kept, dead ones are started again",
    )
    .argument(
      "[stack]",
      "stack whose cluster is started; when left out: the stack that creates the repositories (fleet:repositoryOwner)",
    )
    .action(async (named: string | undefined, _, command: Command) => {
      const stack = named === undefined ? await defaultStack(command, root) : await requireStack(command, root, named);
      const { prepareState, stateDirectory } = await loadSandbox();
      const target = { stack, stateDirectory: stateDirectory(process.env) };
      await prepareState(target);
      // Imported here, because this takes a second, and the other commands do not need it.
      const [{ sandboxStep, toolchainStep }, { runSteps }, { stackParts }] = await Promise.all([
        import("../start/sandbox-tasks.js"),
        import("../start/tasks.js"),
        import("../start/stack-parts.js"),
      ]);
      await runSteps([toolchainStep(stackParts(root, stack)), sandboxStep(target)]);
      out(`The sandbox for ${stack} is ready. To use it: eval "$(npx fleet sandbox env ${stack})"\n`);
    });
}

function addDown(sandbox: Command, { out, err }: Streams, root: string): void {
  sandbox
    .command("down")
    .description("stop the cluster of a stack, or everything; data is kept for the next start")
    .argument("[stack]", "stack whose cluster is stopped; when left out: all clusters and GitHub")
    .option("--purge", "delete the sandbox's folder too: clusters, repositories, states of stacks, secrets", false)
    .action(async (stack: string | undefined, { purge }: { purge: boolean }, command: Command) => {
      const { down, knownStacks, stateDirectory } = await loadSandbox();
      const directory = stateDirectory(process.env);
      if (stack !== undefined) await requireStack(command, root, stack, await knownStacks(directory));
      const ended = await down({
        stateDirectory: directory,
        purge,
        ...(stack === undefined ? {} : { stack }),
        onProgress: (line) => err(`${line}\n`),
      });
      out(ended.length === 0 ? `Nothing was running in ${directory}.\n` : "All its processes have ended.\n");
      if (purge) out("All its data is deleted.\n");
    });
}

function addStatus(sandbox: Command, { out }: Streams): void {
  sandbox
    .command("status")
    .description("show processes, addresses and memory")
    .option("--json", "print JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const { stateDirectory, status } = await loadSandbox();
      const found = await status(stateDirectory(process.env));
      out(json ? `${JSON.stringify(found, null, 2)}\n` : renderStatus(found));
    });
}

function addEnv(sandbox: Command, { out }: Streams, root: string): void {
  sandbox
    .command("env")
    .description(
      'print the variables for pulumi, kubectl, flux and git, secrets included: eval "$(npx fleet sandbox env STACK)"',
    )
    .argument("<stack>", "stack whose variables are printed")
    .action(async (stack: string, _, command: Command) => {
      const [{ knownStacks, sandboxEnvironment, stateDirectory }, { exportLines }] = await Promise.all([
        loadSandbox(),
        import("@fleet/sandbox/shell"),
      ]);
      const environment = process.env;
      const directory = stateDirectory(environment);
      await requireStack(command, root, stack, await knownStacks(directory));
      out(exportLines(await sandboxEnvironment({ stack, stateDirectory: directory, environment })));
    });
}

function addBuild(sandbox: Command, { out }: Streams): void {
  sandbox
    .command("build")
    .description(
      "build the real parts of the sandbox beforehand: up builds what a cluster needs, and flux itself at its first run",
    )
    .argument("[parts...]", "names of parts, such as flux; when left out: all parts")
    .action(async (parts: string[], _, command: Command) => {
      for (const part of parts) await requirePart(command, part);
      const [{ toolchainStep }, { runSteps }] = await Promise.all([
        import("../start/sandbox-tasks.js"),
        import("../start/tasks.js"),
      ]);
      const { toolchain } = await runSteps([toolchainStep(parts.length === 0 ? undefined : parts)]);
      out(`The programs are in ${toolchain.bin}\n`);
    });
}

/** Ends the command with exit code 2 when there is no part of a name. */
async function requirePart(command: Command, part: string): Promise<void> {
  const { recipes } = await import("@fleet/sandbox/toolchain/recipes");
  const names = recipes.map(({ name }) => name);
  if (names.includes(part)) return;
  const remedy = didYouMean(nearMatches(part, names), `The parts are ${names.join(", ")}.`);
  command.error(`error: there is no part ${JSON.stringify(part)}. ${remedy}`);
}
