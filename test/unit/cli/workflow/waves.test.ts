import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { chainOrder, MOST_WAVES, orderStacks, type StackPair } from "../../../../cli/workflow/waves.js";
import { runFleet } from "../../../support/unit/run-fleet.js";

const byText = (a: StackPair, b: StackPair) => (a.to < b.to ? -1 : 1);

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

  it("makes a chain of each stack without a predecessor and of all that follow it", () => {
    const order = orderStacks(
      root,
      write({ "prod-eu": "staging", "prod-ap": "prod-eu", staging: "", live: "canary", canary: "", lab: "" }),
    );
    assert.deepEqual(chainOrder(order, "canary"), {
      waves: [["canary"], ["live"]],
      pairs: [{ from: "canary", to: "live" }],
    });
    assert.deepEqual(chainOrder(order, "lab"), { waves: [["lab"]], pairs: [] });
    for (const none of ["live", "prod-ap", "stagin"])
      assert.deepEqual(chainOrder(order, none), { waves: [], pairs: [] });
  });

  it("has each stack and each pair in one chain alone, in the wave of the whole order", () => {
    const wave = (name: string) =>
      fc.array(fc.nat(), { maxLength: 4 }).map((of) => of.map((n, i) => ({ n, name: `${name}${i}` })));
    fc.assert(
      fc.property(fc.nat(3), wave("b"), wave("c"), wave("d"), (roots, ...later) => {
        const waves: string[][] = [Array.from({ length: roots + 1 }, (_, index) => `a${index}`)];
        const pairs: StackPair[] = [];
        for (const stacks of later.filter(({ length }) => length > 0)) {
          const before = waves.at(-1) ?? assert.fail();
          for (const { n, name } of stacks) pairs.push({ from: before[n % before.length] ?? assert.fail(), to: name });
          waves.push(stacks.map(({ name }) => name));
        }
        const chains = (waves[0] ?? []).map((stack) => chainOrder({ waves, pairs }, stack));
        assert.deepEqual(chains.flatMap((chain) => chain.pairs).toSorted(byText), pairs.toSorted(byText));
        const inWave = (index: number) => chains.flatMap((chain) => chain.waves[index] ?? []).toSorted();
        assert.deepEqual(
          waves.map((_, index) => inWave(index)),
          waves.map((stacks) => stacks.toSorted()),
        );
      }),
    );
  });

  it("prints outputs of a step, one line each", async () => {
    write({ staging: "", "prod-eu": "staging" });
    const { code, out, err } = await runFleet(root, "workflow", "stacks");
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(out.split("\n"), [
      'stacks=["staging","prod-eu"]',
      'pairs=[{"from":"staging","to":"prod-eu"}]',
      'chains=[{"stack":"staging","wave-2":"[\\"prod-eu\\"]","wave-3":"[]","wave-4":"[]"}]',
      "",
    ]);
  });
});
