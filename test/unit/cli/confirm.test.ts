import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { confirm } from "../../../cli/confirm.js";

describe("confirm", () => {
  for (const [typed, expected] of [
    ["", false],
    ["\n", false],
    ["n\n", false],
    ["yet\n", false],
    ["no yes\n", false],
    ["y\n", true],
    [" YES \n", true],
  ] as const) {
    it(`takes ${JSON.stringify(typed)} for ${expected ? "yes" : "no"}`, async () => {
      const input = new PassThrough();
      const output = new PassThrough();
      const answer = confirm("Remove? ", input, output);
      input.end(typed);
      assert.equal(await answer, expected);
      assert.match(String(output.read()), /^Remove\? /);
    });
  }

  it("takes an interrupt for no", async () => {
    const input = new PassThrough();
    const output = Object.assign(new PassThrough(), { isTTY: true });
    const answer = confirm("Remove? ", input, output);
    input.write("\x03");
    assert.equal(await answer, false);
  });
});
