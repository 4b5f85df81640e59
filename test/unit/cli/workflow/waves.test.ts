import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOST_WAVES, orderStacks } from "../../../../cli/workflow/waves.js";
import { runFleet } from "../../../support/unit/run-fleet.js";

describe("fleet workflow stacks", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-waves-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Writes the files of stacks. @param chain stack → the stack that it promotes from, or none */
  function write(chain: Readonly<Record<string, string>>): readonly string[] {
    for (const [stack, from] of Object.entries(chain)) {
      const line = from === "" ? "fleet:cluster: c" : `fleet:promotesFrom: ${from}`;
      writeFileSync(join(root, `Pulumi.${stack}.yaml`), `config:\n  ${line}\n`);
    }
    return Object.keys(chain);
  }

  const refused = (chain: Readonly<Record<string, string>>, message: RegExp) => {
    const stacks = write(chain);
    assert.throws(() => orderStacks(root, stacks), message);
  };

  it("refuses a circle, a predecessor that does not exist, and the stack itself", () => {
    refused({ a: "b", b: "a" }, /^FleetError: Pulumi\.a\.yaml: fleet:promotesFrom: leads into a circle.*a → b → a/);
    refused({ staging: "", live: "stagin" }, /names no stack that has an overlay folder\. Did you mean staging/);
    refused({ staging: "staging" }, /names the stack itself/);
  });

  it("refuses a name that is none, before it reaches a workflow", () => {
    refused({ 'a"$(id)"': "" }, /^FleetError: Pulumi\.a"\$\(id\)"\.yaml: .*DNS label/);
  });

  it("refuses a stack whose environment would have the credentials of another one", () => {
    refused(
      { staging: "", "staging-preview": "" },
      /^FleetError: Pulumi\.staging-preview\.yaml: is of a stack named like/,
    );
  });

  it("refuses a chain with more waves than the workflow has jobs for", () => {
    const names = Array.from({ length: MOST_WAVES + 1 }, (_, index) => `s${index}`);
    const chain = Object.fromEntries(names.map((name, index) => [name, names[index - 1] ?? ""]));
    refused(chain, /^FleetError: Pulumi\.s4\.yaml: fleet:promotesFrom: makes a chain of more than 4 stacks/);
  });

  it("puts each stack into the wave after its predecessor", () => {
    const stacks = write({ "prod-eu": "staging", "prod-us": "staging", staging: "", canary: "", "prod-ap": "prod-eu" });
    assert.deepEqual(orderStacks(root, stacks), {
      waves: [["canary", "staging"], ["prod-eu", "prod-us"], ["prod-ap"]],
      pairs: [
        { from: "staging", to: "prod-eu" },
        { from: "staging", to: "prod-us" },
        { from: "prod-eu", to: "prod-ap" },
      ],
    });
  });

  it("prints outputs of a step, one line each", async () => {
    write({ staging: "", "prod-eu": "staging" });
    const { code, out, err } = await runFleet(root, "workflow", "stacks");
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(out.split("\n"), [
      'stacks=["staging","prod-eu"]',
      'pairs=[{"from":"staging","to":"prod-eu"}]',
      'wave-1=["staging"]',
      'wave-2=["prod-eu"]',
      "wave-3=[]",
      "wave-4=[]",
      "",
    ]);
  });
});
