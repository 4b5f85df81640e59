import assert from "node:assert/strict";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { runFleetWith } from "../../support/unit/run-fleet.js";

describe("the errors of a command", () => {
  it("never move the cursor of a terminal, whatever a file, a recorded program or Flux says", async () => {
    const { code, err } = await runFleetWith((program) => {
      program.command("fail").action(() => {
        throw fleetError("recorder", "", "ended with:\n\u001b[2J\u001b]52;c;cm0gLXJm\u0007\u202eNo problem");
      });
    }, "fail");
    assert.equal(code, 1);
    assert.equal(err, "recorder: ended with:\n\\u{1b}[2J\\u{1b}]52;c;cm0gLXJm\\u{7}\\u{202e}No problem.\n");
  });
});
