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
    // The kernel passes no signal of its own to the first process of a container.
    await writeFile(join(folder, "first.mjs"), `process.kill = () => true;\n${text}`);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts a child with some code, and its parent, which leads a group of processes. */
  function started(code: string, parent = "parent.mjs") {
    const child = join(folder, "child.mjs");
    writeFileSync(child, code);
    const options = { reject: false, stdin: "ignore", timeout, killSignal: "SIGKILL", detached: true } as const;
    return execa(process.execPath, [join(folder, parent), child, "argument"], options);
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

  describe("of fleet status", () => {
    /** The notes of a process at its end. */
    interface Noted {
      readonly isChild: boolean;
      readonly exitCode: number;
      /** In milliseconds since 1970. */
      readonly start: number;
      /** The start that counts, as the environment has it. */
      readonly startedAt?: string;
    }

    /** Runs `fleet status --help`. @param first code of the first process @returns what each process notes, the child first */
    async function processes(nodeArgs: readonly string[] = [], env = {}, first = ""): Promise<readonly Noted[]> {
      const [listener, noted] = ["listener.mjs", "noted"].map((file) => join(folder, file)) as [string, string];
      await rm(noted, { force: true });
      const text = `import { appendFileSync } from "node:fs";
        const isChild = process.send !== undefined;
        const { FLEET_STARTED_AT: startedAt } = process.env;
        process.on("exit", (exitCode) => {
          const note = { isChild, exitCode, start: performance.timeOrigin, startedAt };
          appendFileSync(${JSON.stringify(noted)}, JSON.stringify(note) + "\\n");
        });
        if (isChild) setInterval(() => undefined, 1000);
        else { ${first} }`;
      await writeFile(listener, text);
      const args = [...nodeArgs, "--import", listener, join(checkout, "cli/fleet.mjs"), "status", "--help"];
      const own = { NODE_OPTIONS: undefined, FLEET_STARTED_AT: undefined, ...env };
      const { stdout } = await execa(process.execPath, args, { stdin: "ignore", timeout, env: own });
      assert.match(stdout, /^Usage: fleet status/);
      const lines = (await readFile(noted, "utf8")).trim().split("\n");
      return lines.map((line) => JSON.parse(line) as Noted);
    }

    it("calls what listens to its end, although it is killed: the next start needs the code that it compiled", async () => {
      const [child, parent, ...others] = await processes();
      assert.deepEqual([child?.isChild, child?.exitCode, parent?.isChild, others], [true, 0, false, []]);
      assert.equal(Number(child?.startedAt), parent?.start);
    });

    it("counts the time after an installation of packages", async () => {
      // Each look at the clock is 3 s after the one before, as after npm ci. The time of day is that of the machine.
      const slow = `const now = performance.now.bind(performance);
        let looks = 0;
        performance.now = () => now() + 3000 * looks++;`;
      const [child, parent] = await processes([], {}, slow);
      assert.equal(child?.isChild, true);
      assert.ok(Number(child?.startedAt) > (parent?.start ?? 0) + 1, JSON.stringify([child, parent]));
    });

    it("is not there under a profiler and under a debugger, which look at one process", async () => {
      for (const [nodeArgs, env] of [
        [["--cpu-prof", `--cpu-prof-dir=${folder}`], {}],
        [[], { NODE_OPTIONS: "--inspect=127.0.0.1:0" }],
      ] as const) {
        const [only, ...others] = await processes(nodeArgs, env);
        assert.deepEqual([only?.isChild, only?.startedAt, others], [false, undefined, []]);
      }
    });
  });

  it("ends with the exit code of one that ends by itself, and by the signal of one that a signal ends", async () => {
    assert.equal((await started("process.exitCode = 7;")).exitCode, 7);
    assert.equal((await started(`process.kill(process.pid, "SIGTERM");`)).signal, "SIGTERM");
  });

  it("has the exit code of a shell where no signal ends it, as the first process of a container", async () => {
    const { exitCode, signal } = await started(`process.kill(process.pid, "SIGTERM");`, "first.mjs");
    assert.deepEqual([exitCode, signal], [143, undefined]);
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
