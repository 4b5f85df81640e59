import assert from "node:assert/strict";
import fc from "fast-check";
import { formatPath, parsePath } from "../../../../lib/diagnostics/zod-issues.js";

describe("a path as text", () => {
  it("is read as the steps that it was written from", () => {
    const step = fc.oneof(fc.string({ minLength: 1 }), fc.nat());
    fc.assert(fc.property(fc.array(step), (path) => assert.deepEqual(parsePath(formatPath(path)), path)));
  });

  it("may begin with a key that has a colon", () => {
    assert.deepEqual(parsePath("fleet:controllers.args[0]"), ["fleet:controllers", "args", 0]);
  });
});
