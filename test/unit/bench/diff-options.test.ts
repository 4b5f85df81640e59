import assert from "node:assert/strict";
import { Command, CommanderError } from "commander";
import { diffOptions } from "../../bench/diff-options.js";

describe("the options of bench:diff", () => {
  /** The error of refused options, and everything printed. */
  function refused(...args: string[]): { exitCode: number; printed: string } {
    let printed = "";
    const write = (text: string) => {
      printed += text;
    };
    const command = new Command().exitOverride().configureOutput({ writeOut: write, writeErr: write });
    try {
      diffOptions(args, command);
    } catch (error) {
      assert.ok(error instanceof CommanderError, String(error));
      return { exitCode: error.exitCode, printed };
    }
    assert.fail(`${args.join(" ")} is accepted`);
  }

  for (const [args, message] of [
    [["--lives"], /unknown option '--lives'\n\(Did you mean --live\?\)\n/],
    [["now"], /too many arguments/],
    [["--live", "--tenants"], /option '--tenants <number>' argument missing/],
    [["--tenants", "10"], /--tenants needs --live\.\n/],
    ...["0", "1.5", "ten", "1000", ""].map(
      (count) => [["--live", "--tenants", count], /argument '.*' is invalid\. a number from 1 to 999\.\n/] as const,
    ),
  ] as const) {
    it(`refuse ${args.join(" ")} in words, without a stack trace`, () => {
      const { exitCode, printed } = refused(...args);
      assert.equal(exitCode, 1);
      assert.match(printed, message);
      assert.doesNotMatch(printed, / at /);
      assert.match(printed, /\(see --help\)/);
    });
  }

  it("explain themselves", () => {
    const { exitCode, printed } = refused("--help");
    assert.equal(exitCode, 0);
    assert.match(printed, /Usage: npm run bench:diff -- \[options\]\n/);
    for (const option of ["--live", "--tenants <number>"]) assert.ok(printed.includes(`\n  ${option} `), printed);
  });

  it("are those of thirty tenants without --live, if there are none", () => {
    assert.deepEqual(diffOptions([]), { live: false, tenants: 30 });
    assert.deepEqual(diffOptions(["--live", "--tenants", "7"]), { live: true, tenants: 7 });
  });
});
