import assert from "node:assert/strict";
import { Command, CommanderError } from "commander";
import { isKept } from "../../bench/budgets.js";
import type { OperateCommand, OperateSize } from "../../bench/operate-costs.js";
import { operateOptions } from "../../bench/operate-options.js";
import { operateBudgets, operateTables } from "../../bench/operate-report.js";

/** A size with these requests of each command. */
function sizeOf(tenants: number, requests: Readonly<Record<OperateCommand, number>>): OperateSize {
  const costs = (own: number) => ({
    seconds: 2,
    processorSeconds: 3,
    memory: 0.5,
    findings: 0,
    named: [],
    requests: own,
  });
  const commands = {
    status: costs(requests.status),
    audit: costs(requests.audit),
    "verify, cluster alone": costs(requests["verify, cluster alone"]),
    verify: costs(requests.verify),
  };
  return { tenants, upSeconds: 60, commands };
}

const few = { status: 7, audit: 23, "verify, cluster alone": 400, verify: 400 };

describe("the report of bench:operate", () => {
  it("breaks a budget where requests grow by more than a page of a list, or faster than namespaces", () => {
    const brokenWith = (more: Partial<typeof few>) => {
      const many = { status: 8, audit: 28, "verify, cluster alone": 2740, verify: 2740, ...more };
      const broken = operateBudgets([sizeOf(20, few), sizeOf(200, many)]).filter((one) => !isKept(one));
      return broken.map(({ what, counted }) => `${what}: ${counted}`);
    };
    assert.deepEqual(brokenWith({}), []);
    assert.deepEqual(brokenWith({ status: 187 }), ["Requests of status for each tenant from 20 to 200: 1"]);
    assert.deepEqual(brokenWith({ audit: 50, verify: 40_000 }), [
      "Requests of audit for each tenant from 20 to 200: 0.15",
      "Requests of verify for each tenant from 20 to 200: 220",
    ]);
  });

  it("has no budget for one size, and a ratio to the first size for each other", () => {
    assert.deepEqual(operateBudgets([sizeOf(20, few)]), []);
    const text = operateTables([sizeOf(20, few), sizeOf(40, { ...few, status: 14 })], []);
    assert.match(text, /│ status +│ +40 │ +2\.0 s │ +1\.0× │ +3\.0 s │ +0\.50 GiB │ +14 │ +2\.0× │ +0 │/);
  });
});

describe("the options of bench:operate", () => {
  const refused = (...args: readonly string[]): string => {
    let printed = "";
    const write = (text: string) => {
      printed += text;
    };
    const command = new Command().exitOverride().configureOutput({ writeOut: write, writeErr: write });
    assert.throws(() => operateOptions(args, command), CommanderError);
    return printed;
  };

  it("refuse other numbers, and sizes that do not rise, whose ratios would mislead", () => {
    assert.match(refused("--tenants", "20,x"), /a number from 1 to 999/);
    assert.match(refused("--tenants", "200,20"), /needs the smallest number first/);
    assert.match(refused("--tenants", "20,20"), /needs the smallest number first/);
  });

  it("are 20 and 200 tenants, if there are none", () => {
    assert.deepEqual(operateOptions([]), { tenants: [20, 200] });
    assert.deepEqual(operateOptions(["--tenants", "5", "--json", "x"]), { tenants: [5], json: "x" });
  });
});
