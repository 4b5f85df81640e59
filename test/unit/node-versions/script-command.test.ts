import assert from "node:assert/strict";
import { scriptCommand } from "../../node-versions/script-command.js";
import { readJson } from "../support/fleet.js";

describe("the command of a script", () => {
  it("is its words", () => {
    assert.deepEqual(scriptCommand("check", { check: "node a.mjs tsc -p ." }), {
      file: "node",
      args: ["a.mjs", "tsc", "-p", "."],
    });
  });

  it("is there for each script that is run on all versions of Node", () => {
    const { scripts } = readJson("package.json") as { readonly scripts: Readonly<Record<string, string>> };
    for (const name of ["typecheck", "test:unit", "start", "stop"])
      assert.ok(scriptCommand(name, scripts).args.length > 0);
  });

  it("is missing with the script", () => {
    assert.throws(() => scriptCommand("check", {}), { message: 'package.json has no script "check".' });
  });

  for (const script of ["a && b", "A=1 b", "a 'b c'", "a $B", "a | b", "a *.ts", ""]) {
    it(`is refused for ${JSON.stringify(script)}, which only a shell can run`, () => {
      assert.throws(
        () => scriptCommand("check", { check: script }),
        /The script "check" of package\.json needs a shell/,
      );
    });
  }
});
