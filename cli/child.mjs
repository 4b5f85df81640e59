/** The process of a command that another process of it started: run-in-child.mjs. */
import "./installed.mjs";
import { outputWritten } from "./end-process.mjs";
import { runCommand } from "./run-command.mjs";

// The other process was killed. Login plugins end with this one as by any such signal.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel.unref();
await runCommand(process.argv.slice(2));
await outputWritten();
const exitCode = process.exitCode ?? 0;
// A killed process has no such event, in which compiled code is kept, and programs end that this process has started.
process.emit("exit", exitCode);
process.send({ exitCode });
