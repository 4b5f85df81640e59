import type { Command } from "commander";
import { checkout } from "./checkout.js";
import { addAuditCommand } from "./commands/audit.js";
import { addCheckCommand } from "./commands/check.js";
import { addCleanCommand } from "./commands/clean.js";
import { addCompletionCommand } from "./commands/completion.js";
import { addDiffCommand } from "./commands/diff.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addGuideCommand } from "./commands/guide.js";
import { addHelpCommand } from "./commands/help.js";
import { addLockCommand } from "./commands/lock.js";
import { addPromoteCommand } from "./commands/promote.js";
import { addRenderCommand } from "./commands/render.js";
import { addReportCommand } from "./commands/report.js";
import { addRetrofitCommand } from "./commands/retrofit.js";
import { addSandboxCommands } from "./commands/sandbox.js";
import { addShowCommand } from "./commands/show.js";
import { addStackCommands } from "./commands/stack.js";
import { addStatusCommand } from "./commands/status.js";
import { addTenantCommands } from "./commands/tenant.js";
import { addUpCommand } from "./commands/up.js";
import { addUpgradeCommand } from "./commands/upgrade.js";
import { addVerifyCommand } from "./commands/verify.js";
import { addWaitCommand } from "./commands/wait.js";
import { addWorkflowCommands } from "./commands/workflow.js";
import { buildProgram, runCommands } from "./run-commands.js";
import { type Streams, standardStreams } from "./streams.js";

/**
 * Runs the `fleet` command.
 * @param args arguments without the name of the program
 * @param root folder whose stacks the commands read @default - the folder of this project
 * @returns the exit code: 0 for success, 1 for a failure or findings, 2 for wrong arguments, 3 when it could not look
 */
export async function main(
  args: readonly string[],
  streams: Streams = standardStreams,
  root = checkout,
): Promise<number> {
  return await runCommands(args, streams, (program) => addCommands(program, streams, root));
}

/** All commands, for tests of command lines. */
export function fleetProgram(streams: Streams, root: string): Command {
  const program = buildProgram(streams);
  addCommands(program, streams, root);
  return program;
}

function addCommands(program: Command, streams: Streams, root: string): void {
  addAuditCommand(program, streams);
  addCheckCommand(program, streams, root);
  addCleanCommand(program, streams, root);
  addDiffCommand(program, streams, root);
  addDoctorCommand(program, streams, root);
  addGuideCommand(program, streams, root);
  addShowCommand(program, streams, root);
  addRenderCommand(program, streams, root);
  addReportCommand(program, streams, root);
  addRetrofitCommand(program, streams, root);
  addStackCommands(program, streams, root);
  addStatusCommand(program, streams, root);
  addTenantCommands(program, streams, root);
  addPromoteCommand(program, streams, root);
  addUpCommand(program, streams, root);
  addVerifyCommand(program, streams, root);
  addWaitCommand(program, streams, root);
  addWorkflowCommands(program, streams, root);
  addSandboxCommands(program, streams, root);
  addLockCommand(program, streams);
  addUpgradeCommand(program, streams, root);
  addCompletionCommand(program, streams);
  addHelpCommand(program);
}
