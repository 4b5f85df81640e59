import assert from "node:assert/strict";
import { execa } from "execa";
import { checkout } from "../../../../cli/checkout.js";
import { runFleet } from "../../../support/unit/run-fleet.js";

/** The words that bash offers for the last of these. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await runFleet(checkout, "completion", "bash");
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fleet; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa("bash", ["--norc", "-c", `${out}\n${ask}`, "bash", "fleet", ...words]);
  return stdout.split("\n").filter((word) => word !== "");
}

describe("fleet completion", () => {
  for (const [args, message] of [
    [[], /missing required argument 'shell'/],
    [["powershell"], /Allowed choices are bash, zsh, fish/],
  ] as const) {
    it(`prints nothing that a shell would evaluate for: ${args.join(" ") || "no shell"}`, async () => {
      const { code, out, err } = await runFleet(checkout, "completion", ...args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    });
  }

  it("offers commands, those below a command, their options, and the values of an option", async () => {
    assert.deepEqual(await completed("ten"), ["tenant"]);
    assert.deepEqual(await completed("tenant", "s"), ["show", "suspend"]);
    assert.deepEqual(await completed("tenant", "suspend", "team-a", "--re"), ["--reason"]);
    assert.deepEqual(await completed("tenant", "list", "--output", "j"), ["json"]);
    assert.deepEqual(await completed("completion", ""), ["bash", "zsh", "fish", "--help"]);
    assert.deepEqual(await completed("tenant", "list", "--none"), []);
  });

  it("takes no value for a command", async () => {
    // A stack or a tenant may have the name of a command.
    assert.deepEqual(await completed("check", "tenant", "s"), []);
  });

  it("loads the script of bash in zsh, and has words of its own for fish", async () => {
    const zsh = (await runFleet(checkout, "completion", "zsh")).out;
    assert.equal(zsh.replace(/^autoload .*\n/, ""), (await runFleet(checkout, "completion", "bash")).out);
    const fish = (await runFleet(checkout, "completion", "fish")).out;
    assert.match(
      fish,
      /\ncomplete -c fleet -n '__fleet_at \\'tenant list\\' \\'--output\\'' -a 'table json yaml markdown'\n/,
    );
  });
});
