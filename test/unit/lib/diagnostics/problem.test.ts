import assert from "node:assert/strict";
import { nearMatches } from "../../../../lib/diagnostics/near-match.js";
import { FleetError, problemLine } from "../../../../lib/diagnostics/problem.js";

describe("FleetError", () => {
  it("says every problem on a line of its own, in the order of files and lines", () => {
    const error = new FleetError([
      { file: "b.yaml", path: "name", message: "is missing", fix: "Add it" },
      { file: "a.yaml", line: 10, path: "y", message: "is wrong" },
      { file: "a.yaml", line: 9, path: "z", message: "is wrong" },
    ]);
    assert.equal(error.message, "a.yaml:9: z: is wrong.\na.yaml:10: y: is wrong.\nb.yaml: name: is missing. Add it.");
  });

  it("does not repeat what two checks found", () => {
    const problem = { file: "a.yaml", path: "name", message: "is missing" };
    assert.equal(new FleetError([problem, { ...problem }]).problems.length, 1);
  });

  it("leaves the caller's list as it was", () => {
    const problems = Object.freeze([
      { file: "b", path: "", message: "x" },
      { file: "a", path: "", message: "x" },
    ]);
    assert.equal(new FleetError(problems).problems[0]?.file, "a");
  });

  it("does not end a question with a period", () => {
    assert.equal(
      problemLine({ file: "a", path: "b", message: "is odd", fix: "Did you mean c?" }),
      "a: b: is odd. Did you mean c?",
    );
  });
});

describe("nearMatches", () => {
  it("finds slips of the finger and other spellings", () => {
    assert.deepEqual(nearMatches("intervall", ["interval", "timeout"]), ["interval"]);
    assert.deepEqual(nearMatches("retry_interval", ["retryInterval", "interval"]), ["retryInterval"]);
    assert.deepEqual(nearMatches("pth", ["path", "timeout"]), ["path"]);
  });

  it("does not guess when nothing is near", () => {
    assert.deepEqual(nearMatches("replicas", ["interval", "timeout", "path"]), []);
  });
});
