import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { fleetProgram } from "../../../cli/fleet.js";
import { soundSettings, soundTree } from "../../support/unit/checkout-tree.js";
import { runFleet } from "../../support/unit/run-fleet.js";
import { writeTree } from "../../support/unit/tree-files.js";

const typo = "stagign";

/** A day that an exception may end on. */
const soon = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);

/** A call of each command that is given a stack, with a typing error in the stack's name. */
const calls: readonly string[] = [
  `check ${typo}`,
  `check prod-eu ${typo}`,
  `clean ${typo}`,
  `diff --live ${typo}`,
  `doctor ${typo}`,
  `guide ${typo} team-a`,
  `promote ${typo} prod-eu`,
  `promote prod-eu ${typo}`,
  `render ${typo}`,
  `report ${typo} --html page.html`,
  `retrofit --context of-a-test --stack ${typo}`,
  `sandbox down ${typo}`,
  `sandbox env ${typo}`,
  `sandbox up ${typo}`,
  `show team-a --stack ${typo}`,
  `stack new try-out --from ${typo}`,
  `status ${typo}`,
  `status --context ${typo}=of-a-test`,
  `tenant freeze team-a --stack ${typo} --until ${soon} --reason test`,
  `tenant import --context of-a-test --stack ${typo}`,
  `tenant new team-b --stack ${typo}`,
  `tenant remove team-a --stack ${typo}`,
  `tenant resume team-a --stack ${typo}`,
  `tenant rotate-keys team-a --stack ${typo}`,
  `tenant suspend team-a --stack ${typo} --until ${soon} --reason test`,
  `tenant unfreeze team-a --stack ${typo}`,
  `up ${typo} --leave-blocked`,
  `up ${typo} --tenant team-a`,
  `upgrade flux v2.9.3 --stack ${typo}`,
  `verify ${typo}`,
  `wait ${typo}`,
  `workflow drift ${typo} document.json`,
  `workflow newest ${typo}`,
  `workflow promotion ${typo} prod-eu`,
  `workflow promotion prod-eu ${typo}`,
  `workflow statuses ${typo}`,
  `workflow wave 2 --chain ${typo}`,
];

/** The words of each command that takes a stack, by its arguments and options. */
function withStack(command: Command, words: readonly string[] = []): string[] {
  const takes = [
    ...command.registeredArguments.flatMap((argument) => [argument.name(), argument.description]),
    ...command.options.flatMap(({ flags }) => /<(.+)>/.exec(flags)?.[1] ?? []),
  ];
  return [
    ...(takes.some((name) => /^stacks?\b/.test(name)) ? [words.join(" ")] : []),
    ...command.commands.flatMap((one) => withStack(one, [...words, one.name()])),
  ];
}

describe("a typing error in a stack's name", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-stack-names-"));
    const settings = { "Pulumi.staging.yaml": soundSettings(), "Pulumi.prod-eu.yaml": soundSettings() };
    writeTree(root, { ...soundTree, ...settings });
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it("is tried with every command that takes a stack", () => {
    const taking = withStack(fleetProgram({ out: () => undefined, err: () => undefined }, root));
    assert.ok(taking.length > 20, taking.join("\n"));
    assert.deepEqual(
      taking.filter((words) => !calls.some((call) => call.startsWith(`${words} `))),
      [],
    );
  });

  for (const call of calls) {
    it(`ends with the stack that was meant, and with code 2: ${call}`, async () => {
      const { code, out, err } = await runFleet(root, ...call.split(" "));
      assert.deepEqual([code, out], [2, ""], err);
      assert.match(err, /^error: there is no stack "stagign"\. Did you mean staging\?\n/);
    });
  }
});
