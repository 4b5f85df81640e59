import { down, sandboxEnvironment, stateDirectory, status } from "@fleet/sandbox";
import { exportLines } from "@fleet/sandbox/shell";
import type { Command } from "commander";
import { renderStatus } from "../start/status-table.js";
import type { Streams } from "../streams.js";

/** The stack that is meant when none is named. */
const usualStack = "staging";

/** Adds `sandbox up|down|status|env`. */
export function addSandboxCommands(program: Command, { out, err }: Streams): void {
  const sandbox = program
    .command("sandbox")
    .description("the platform's surroundings on this machine: a GitHub, and a Kubernetes cluster for each stack");

  sandbox
    .command("up")
    .description(
      "start an environment and what it needs; what runs already is left alone, what is dead is started again",
    )
    .argument("[stack]", "stack whose environment is wanted", usualStack)
    .action(async (stack: string) => {
      // Only here: these take a second to load, and the other commands do without.
      const { runSandboxUp } = await import("../start/sandbox-tasks.js");
      await runSandboxUp({ stack, stateDirectory: stateDirectory(process.env) });
      out(`${readyMessage(stack)}\n`);
    });

  sandbox
    .command("down")
    .description("end an environment, or everything; data stays for the next start")
    .argument("[stack]", "stack whose environment ends; all of them and GitHub when left out")
    .option("--purge", "also delete all data: clusters, repositories, stacks' states, secrets", false)
    .action(async (stack: string | undefined, { purge }: { purge: boolean }) => {
      const directory = stateDirectory(process.env);
      const ended = await down({
        stateDirectory: directory,
        purge,
        ...(stack === undefined ? {} : { stack }),
        onProgress: (line) => err(`${line}\n`),
      });
      out(ended.length === 0 ? `Nothing was running in ${directory}.\n` : "Nothing of it is running any more.\n");
      if (purge) out("All its data is deleted.\n");
    });

  sandbox
    .command("status")
    .description("what runs: processes, addresses, memory")
    .option("--json", "for programs", false)
    .action(async ({ json }: { json: boolean }) => {
      const found = await status(stateDirectory(process.env));
      out(json ? `${JSON.stringify(found, null, 2)}\n` : renderStatus(found));
    });

  sandbox
    .command("env")
    .description('variables for pulumi, kubectl, flux and git, with secrets: eval "$(npx fleet sandbox env staging)"')
    .argument("<stack>", "stack whose environment is wanted")
    .action(async (stack: string) => {
      const environment = process.env;
      out(exportLines(await sandboxEnvironment({ stack, stateDirectory: stateDirectory(environment), environment })));
    });
}

function readyMessage(stack: string): string {
  return `The sandbox for ${stack} is ready. To use it: eval "$(npx fleet sandbox env ${stack})"`;
}
