import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { processStart } from "@fleet/sandbox/process/orphans";
import { allProcesses, treeOf } from "@fleet/sandbox/process/process-tree";
import { allGone, processesOf, stillRunning } from "@fleet/sandbox/test/processes";
import { execa } from "execa";
import { waitFor } from "../../support/e2e/wait-for.js";

/** A run of `npm start`. */
interface StartRun
  extends Promise<{ readonly exitCode?: number | undefined; readonly failed: boolean; readonly all: string }> {
  readonly pid?: number | undefined;
  kill(signal: "SIGTERM"): boolean;
}

/** The parts of a running `npm start` that the cases need. */
export interface EngineLockArgs {
  /** Folder for files of the cases. */
  readonly scratch: string;
  readonly stateDirectory: string;
  /** Starts `npm start` again. */
  readonly start: () => StartRun;
}

/** `npm start` while another engine works on the stack, and while it is asked to end: the engine's lock of the stack. */
export function engineLockCases(args: () => EngineLockArgs): void {
  /** The folder of the engine's locks of the stack. */
  const locks = () =>
    join(args().stateDirectory, "pulumi", "backend", ".pulumi", "locks", "organization", "fleet", "staging");

  it("leaves the stack to another pulumi that works on it, and does not advise to end that one's cluster", async () => {
    const { scratch, start } = args();
    const holder = join(scratch, "pulumi");
    await writeFile(holder, "#!/bin/sh\nread -r line\n");
    await chmod(holder, 0o755);
    // The engine of another `npm start`, by its name and its lock.
    const other = execa(holder, { stdin: "pipe", reject: false });
    assert.ok(other.pid !== undefined);
    const lock = join(locks(), "other.json");
    await mkdir(locks(), { recursive: true });
    const content = { pid: other.pid, username: "ann", hostname: hostname(), timestamp: new Date().toISOString() };
    await writeFile(lock, JSON.stringify(content));
    try {
      const { exitCode, all } = await start();
      assert.equal(exitCode, 1, all);
      assert.match(
        all,
        new RegExp(`Another \`pulumi\` works on the stack staging.*\\n +\\| ann@\\S+ \\(pid ${other.pid}\\)`),
      );
      assert.doesNotMatch(all, /npm run stop|pulumi cancel|delete/);
    } finally {
      other.stdin?.end();
      await rm(lock, { force: true });
      await other;
    }
  }).timeout(300_000);

  it("ends in order when npm is asked to end: neither a process of its own nor the stack's lock stays", async () => {
    const { stateDirectory, start } = args();
    const sandbox = await processesOf(stateDirectory);
    const running = start();
    const { pid } = running;
    assert.ok(pid !== undefined);
    // The engine heeds a signal once it has begun its preview. In the moment between its lock and that, it just ends.
    await waitFor(
      async () => treeOf(pid, await allProcesses()).some(({ name }) => name.startsWith("pulumi-resource")),
      {
        interval: 50,
        describe: () => "the engine has started no provider",
      },
    );
    assert.notDeepEqual(await readdir(locks()), []);
    const own = treeOf(pid, await allProcesses()).flatMap(({ pid: id, name }) => {
      const started = processStart(id);
      return started === undefined ? [] : [{ name, pid: id, started }];
    });
    assert.ok(
      own.some(({ name }) => name === "pulumi"),
      own.map(({ name }) => name).join(", "),
    );
    running.kill("SIGTERM");
    const { failed, all } = await running;
    assert.ok(failed, all);
    await allGone(own, 60_000);
    const left = existsSync(locks()) ? await readdir(locks()) : [];
    assert.deepEqual(left, []);
    assert.equal(stillRunning(sandbox).length, sandbox.length);
  }).timeout(300_000);
}
