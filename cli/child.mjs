/** A command in a process of its own, which run-in-child.mjs starts. */
import { startThreads } from "./child-threads.mjs";
import { outputWritten } from "./end-process.mjs";
import { runCommand } from "./run-command.mjs";

// The other process was killed. Login plugins end with this one as by any such signal.
const end = () => process.kill(process.pid, "SIGTERM");
if (!process.connected) end();
process.once("disconnect", end);
process.channel?.unref();
await startThreads();
await runCommand(process.argv.slice(2));
await outputWritten();
const exitCode = process.exitCode ?? 0;
// A killed process has no such event, in which compiled code is kept, and programs end that this process has started.
process.emit("exit", exitCode);
process.send({ exitCode });
