import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "@fleet/sandbox/process/readiness";
import { runGroup } from "../../../../lib/process/run-group.js";
import { hasEnded } from "../../../support/unit/ended-process.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP", "exit"] as const;

describe("a program in a group of its own", () => {
  let folder: string;
  let before: readonly number[];
  const listeners = () => signals.map((signal) => process.listenerCount(signal));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-group-"));
    before = listeners();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    assert.deepEqual(listeners(), before);
  });

  const run = (script: string, signal: AbortSignal = new AbortController().signal, maxBytes = 1000) => {
    return runGroup({
      command: "sh",
      args: ["-c", script],
      env: { PATH: process.env.PATH, FILE: file() },
      maxBytes,
      signal,
    });
  };
  const file = () => join(folder, "pid");
  /** The process that a script noted, once it has. */
  async function noted(): Promise<number> {
    const isNoted = () => existsSync(file()) && readFileSync(file(), "utf8").endsWith("\n");
    await waitUntil(isNoted, { what: "The child", timeout: 30_000, interval: 10 });
    return Number(readFileSync(file(), "utf8"));
  }
  async function ended(pid: number): Promise<void> {
    await waitUntil(() => hasEnded(pid), { what: "The end of the child", timeout: 30_000, interval: 10 });
  }
  const child = "trap '' TERM INT HUP; sleep 600 > /dev/null & echo $! > $FILE;";

  it("is not started when its time is over", async () => {
    assert.deepEqual(await run("echo > $FILE", AbortSignal.abort()), { failure: "late" });
    assert.ok(!existsSync(file()));
  });

  it("ends with its children when its time is over", async () => {
    const controller = new AbortController();
    const running = run(`${child} wait`, controller.signal);
    const pid = await noted();
    controller.abort();
    assert.deepEqual(await running, { failure: "late" });
    await ended(pid);
  });

  it("is given up without an error where what is left of its group runs as another user", async () => {
    const controller = new AbortController();
    const running = run(`${child} wait`, controller.signal);
    const pid = await noted();
    const { kill } = process;
    process.kill = () => {
      throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
    };
    try {
      controller.abort();
    } finally {
      process.kill = kill;
    }
    assert.deepEqual(await running, { failure: "late" });
    process.kill(pid, "SIGKILL");
    await ended(pid);
  });

  it("ends with its children when it prints too much", async () => {
    const running = run(`${child} while true; do echo xxxxxxxxxxxxxxxxxxxx; done`);
    const pid = await noted();
    assert.deepEqual(await running, { failure: "too much output" });
    await ended(pid);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`ends with its children when ${signal} ends this process, beside the listeners of others`, async () => {
      // Without a listener of its own, the test would end as well.
      let received = 0;
      const own = () => {
        received += 1;
      };
      process.on(signal, own);
      try {
        const running = [run(`${child} wait`), run("exec sleep 600")];
        const pid = await noted();
        process.emit(signal, signal);
        const outcome = { failure: "not run to its end" };
        assert.deepEqual(await Promise.all(running), [outcome, outcome]);
        await ended(pid);
        assert.equal(received, 1);
      } finally {
        process.off(signal, own);
      }
    });
  }

  it("says how it failed, and has its output otherwise", async () => {
    assert.deepEqual(await run("exit 7"), { exitCode: 7 });
    assert.deepEqual(await run("kill -KILL $$"), { failure: "not run to its end" });
    assert.deepEqual(await run("cat; echo error >&2; echo done"), { output: "done\n" });
    const { signal } = new AbortController();
    const gone = { command: join(folder, "gone"), args: [], env: {}, maxBytes: 10, signal };
    assert.deepEqual(await runGroup(gone), { failure: "not run to its end" });
  });
});
