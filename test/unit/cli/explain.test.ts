import assert from "node:assert/strict";
import { SandboxError } from "@fleet/sandbox/sandbox-error";
import { explain, JobError } from "../../../cli/explain.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";

describe("the printed text of an error", () => {
  it("of the fleet's input is a line for each problem, in order, and no stack", () => {
    const tenants = "stacks/base/tenants/team-a.yaml";
    const error = new FleetError([
      { file: tenants, line: 7, path: "sync.interval", message: "is no duration", fix: "Write it like 30s" },
      { file: tenants, line: 2, path: "name", message: "is not the name of the file" },
    ]);
    assert.equal(
      explain(error),
      `${tenants}:2: name: is not the name of the file.\n${tenants}:7: sync.interval: is no duration. Write it like 30s.`,
    );
  });

  it("that was written for the reader is its message", () => {
    assert.equal(explain(new JobError("nothing was done")), "nothing was done");
    assert.equal(explain(new SandboxError("It does not run.", "start it")), "It does not run.\nWhat to do: start it");
  });

  it("about a folder that cannot be made names the path and the remedy, and a missing file keeps its stack", () => {
    const missing = (syscall: string) =>
      Object.assign(new Error("ENOENT: no such file or directory"), { code: "ENOENT", path: "/nowhere/x", syscall });
    for (const syscall of ["mkdir", "mkdtemp"]) {
      assert.equal(
        explain(missing(syscall)),
        `Cannot use /nowhere/x: a part of the path leads nowhere (${syscall}).\nWhat to do: correct the path, or create what it leads to.`,
      );
    }
    assert.match(explain(missing("open")), /^Error: ENOENT: .*\n +at /);
  });

  it("that was not foreseen keeps its stack, because it is a defect of this program", () => {
    assert.match(explain(new TypeError("x is undefined")), /^TypeError: x is undefined\n +at /);
    assert.equal(explain("a text that was thrown"), "a text that was thrown");
  });
});
