import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { checkout } from "../../../cli/checkout.js";
import { waitFor } from "../../support/e2e/wait-for.js";

const moduleOf = (file: string) => JSON.stringify(pathToFileURL(join(checkout, "cli", file)).href);
const timeout = 60_000;

describe("a command in a child process", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-child-"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const text = `import { runInChild } from ${moduleOf("run-in-child.mjs")};
      await runInChild(process.argv.slice(3), { entry: process.argv[2] });`;
    await writeFile(join(folder, "parent.mjs"), text);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts a child with some code, and its parent, which leads a group of processes. */
  function started(code: string) {
    const child = join(folder, "child.mjs");
    writeFileSync(child, code);
    const options = { reject: false, stdin: "ignore", timeout, killSignal: "SIGKILL", detached: true } as const;
    return execa(process.execPath, [join(folder, "parent.mjs"), child, "argument"], options);
  }

  it("has its output and exit code, and waits for none of its threads", async () => {
    // To open a pipe without a writer occupies a thread for ever, as a resolver does that never answers.
    const running = started(`import { open } from "node:fs";
      import { outputWritten } from ${moduleOf("end-process.mjs")};
      open(${JSON.stringify(join(folder, "pipe"))}, "r", () => undefined);
      process.stdout.write("x".repeat(1 << 20) + process.argv[2]);
      process.stderr.write(process.env.UV_THREADPOOL_SIZE);
      await outputWritten();
      process.send({ exitCode: 3 });`);
    const { exitCode, timedOut, stdout, stderr } = await running;
    assert.deepEqual([timedOut, exitCode, stdout.length, stderr], [false, 3, (1 << 20) + "argument".length, "64"]);
    assert.ok(stdout.endsWith("argument"));
  });

  it("counts the time of the command from the start of the first process", async () => {
    const { stdout } =
      await started(`process.stdout.write(String(performance.timeOrigin - process.env.FLEET_STARTED_AT));
      process.exitCode = 0;`);
    // Node itself starts in no less than some milliseconds.
    assert.ok(Number(stdout) > 1 && Number(stdout) < timeout, stdout);
  });

  it("calls what listens to its end, although it is killed: the next start needs the code that it compiled", async () => {
    const [listener, noted] = [join(folder, "listener.mjs"), join(folder, "noted")];
    const text = `import { writeFileSync } from "node:fs";
      if (process.send !== undefined) {
        process.on("exit", (code) => writeFileSync(${JSON.stringify(noted)}, String(code)));
        setInterval(() => undefined, 1000);
      }`;
    await writeFile(listener, text);
    const args = ["--import", listener, join(checkout, "cli/fleet.mjs"), "status", "--help"];
    const { stdout } = await execa(process.execPath, args, { stdin: "ignore", timeout });
    assert.match(stdout, /^Usage: fleet status/);
    assert.equal(await readFile(noted, "utf8"), "0");
  });

  it("ends with the exit code of one that ends by itself, and by the signal of one that a signal ends", async () => {
    assert.equal((await started("process.exitCode = 7;")).exitCode, 7);
    assert.equal((await started(`process.kill(process.pid, "SIGTERM");`)).signal, "SIGTERM");
  });

  it("gets the interrupt of a terminal once, which goes to a whole group, and decides about its end", async () => {
    const ready = join(folder, "ready");
    const running = started(`import { writeFileSync } from "node:fs";
      let count = 0;
      process.on("SIGINT", () => {
        count += 1;
        setTimeout(() => process.send({ exitCode: count }), 100);
      });
      setInterval(() => undefined, 1000);
      writeFileSync(${JSON.stringify(ready)}, "");`);
    await waitFor(() => existsSync(ready), { timeout, describe: () => "the child is not ready" });
    process.kill(-(running.pid ?? assert.fail("there is no process")), "SIGINT");
    assert.equal((await running).exitCode, 1);
  });

  it("passes on the end of the terminal, and stops and goes on with it", async () => {
    const [ready, ended] = [join(folder, "ready"), join(folder, "ended")];
    await rm(ready, { force: true });
    const running = started(`import { writeFileSync } from "node:fs";
      process.on("SIGHUP", () => {
        writeFileSync(${JSON.stringify(ended)}, "");
        process.send({ exitCode: 5 });
      });
      setInterval(() => undefined, 1000);
      writeFileSync(${JSON.stringify(ready)}, String(process.pid));`);
    const pid = running.pid ?? assert.fail("there is no process");
    await waitFor(() => existsSync(ready) && readFileSync(ready, "utf8") !== "", {
      timeout,
      describe: () => "the child is not ready",
    });
    const child = Number(readFileSync(ready, "utf8"));
    process.kill(pid, "SIGTSTP");
    await waitFor(() => [pid, child].every((one) => stateOf(one) === "T"), { timeout, describe: () => "one goes on" });
    process.kill(pid, "SIGCONT");
    await waitFor(() => [pid, child].every((one) => stateOf(one) !== "T"), {
      timeout,
      describe: () => "one is stopped",
    });
    process.kill(pid, "SIGHUP");
    assert.equal((await running).exitCode, 5);
    assert.ok(existsSync(ended));
  });
});

/** State of a process, as the kernel has it: T for one that a signal stopped. */
function stateOf(pid: number): string | undefined {
  return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/, ""))?.[1];
}
