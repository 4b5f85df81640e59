import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { LEFT_OUT_VARIABLE, readLeftOut, withLeftOut } from "../../../../config/stack/left-out-tenants.js";

const leftOut = { tenants: ["team-a"], excluded: ["urn:a"], resources: "x" };

describe("The tenants that an update leaves out", () => {
  it("are refused from a file of no running command: the engine would delete them", () => {
    const refusal = { message: /FLEET_LEFT_OUT: names no running `fleet up`.*would delete the tenants.*Unset it\./ };
    assert.throws(() => readLeftOut({ [LEFT_OUT_VARIABLE]: "/nonexistent/update.json" }), refusal);
  });

  it("are refused when there are none", async () => {
    await withLeftOut({ ...leftOut, tenants: [] }, async (variables) => {
      assert.throws(() => readLeftOut(variables), /names no running/);
    });
  });

  it("are read while the command runs, and not without the variable", async () => {
    assert.equal(readLeftOut({}), undefined);
    const file = await withLeftOut(leftOut, async (variables) => {
      assert.deepEqual(readLeftOut(variables), leftOut);
      return variables[LEFT_OUT_VARIABLE] ?? "";
    });
    assert.equal(existsSync(file), false);
  });
});
