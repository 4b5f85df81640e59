import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../toolchain/lock.js";

describe("withLock", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "fleet-lock-test-"));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });
  const noWait = async () => assert.fail("waited for a lock that no process holds");

  it("aborts work whose lock was lost, and fails for that reason with any result of the work", async () => {
    const path = join(dir, "build");
    const work = async (signal: AbortSignal) => {
      await rm(`${path}.lock`, { recursive: true });
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new Error("stopped");
    };
    await assert.rejects(
      withLock(path, noWait, work, 2000),
      /the build's lock .* was lost.*\nWhat to do: run the same/,
    );
  });

  it("is released by work that fails, so that the next run need not wait", async () => {
    const path = join(dir, "build");
    await assert.rejects(
      withLock(path, noWait, async () => Promise.reject(new Error("no"))),
      /^Error: no$/,
    );
    assert.equal(await withLock(path, noWait, async () => "next"), "next");
  });

  it("is taken over from a run that was killed", async () => {
    const path = join(dir, "build");
    await mkdir(`${path}.lock`);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.lock`, longAgo, longAgo);
    assert.equal(await withLock(path, noWait, async () => "mine"), "mine");
  });

  it("fails at once, and does not wait for ever, where it cannot be made", async () => {
    await assert.rejects(
      withLock(join(dir, "missing", "build"), noWait, async () => "never"),
      /ENOENT/,
    );
  });
});
