import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { removeStaleLocks } from "../../../engine/stale-locks.js";
import { useTemporaryState } from "../../support/temporary-state.js";

describe("removeStaleLocks", () => {
  const paths = useTemporaryState();
  const directory = () => join(paths().pulumiBackend, ".pulumi", "locks", "organization", "fleet", "staging");

  function lock(name: string, content: object | string): void {
    mkdirSync(directory(), { recursive: true });
    writeFileSync(join(directory(), name), typeof content === "string" ? content : JSON.stringify(content));
  }

  /** A process id that nothing has: the largest that Linux gives out is 2^22. */
  const nobody = 2 ** 22 + 1;
  const timestamp = "2026-01-01T00:00:00Z";

  it("leaves alone what it cannot judge: another machine's, and another format", async () => {
    lock("a.json", { pid: nobody, hostname: `not-${hostname()}`, timestamp });
    lock("b.json", "not JSON");
    lock("c.json", { holder: "someone" });
    assert.equal(await removeStaleLocks(paths(), "staging"), 0);
    assert.deepEqual(readdirSync(directory()), ["a.json", "b.json", "c.json"]);
  });

  it("does not touch another stack's lock", async () => {
    lock("a.json", { pid: nobody, hostname: hostname(), timestamp });
    assert.equal(await removeStaleLocks(paths(), "prod-eu"), 0);
    assert.equal(readdirSync(directory()).length, 1);
  });

  it("frees a stack whose engine is gone, even when its number is another program's now", async () => {
    lock("a.json", { pid: nobody, hostname: hostname(), timestamp });
    // This process is no engine.
    lock("b.json", { pid: process.pid, hostname: hostname(), timestamp });
    assert.equal(await removeStaleLocks(paths(), "staging"), 2);
    assert.deepEqual(readdirSync(directory()), []);
  });

  it("finds nothing where no stack was ever locked", async () => {
    assert.equal(await removeStaleLocks(paths(), "staging"), 0);
  });
});
