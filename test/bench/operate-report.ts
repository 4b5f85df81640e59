import type { Budget } from "./budgets.js";
import { isKept } from "./budgets.js";
import { type OperateCommand, type OperateSize, operateCommands } from "./operate-costs.js";
import { newTable, seconds } from "./table.js";

const commands = Object.keys(operateCommands) as OperateCommand[];

/**
 * Requests to the API server for each further tenant, at most. A tenant has one namespace. A list has one request for each
 * 500 objects, and all kinds of a tenant's namespace together have fewer than 50. A verification has 13 reviews and dry runs
 * for each namespace.
 */
const mostForEachTenant: Readonly<Record<OperateCommand, number>> = {
  status: 0.1,
  audit: 0.1,
  "verify, cluster alone": 13.1,
  verify: 13.1,
};

/** The budgets of a measurement of two sizes or more: requests that each further tenant adds, from the first size to each other. */
export function operateBudgets([first, ...others]: readonly OperateSize[]): Budget[] {
  if (first === undefined) return [];
  return others.flatMap((size) =>
    commands.map((command) => ({
      what: `Requests of ${command} for each tenant from ${first.tenants} to ${size.tenants}`,
      counted: addedRequests(first, size, command),
      atMost: mostForEachTenant[command],
    })),
  );
}

function addedRequests(first: OperateSize, size: OperateSize, command: OperateCommand): number {
  const added = size.commands[command].requests - first.commands[command].requests;
  return Math.round((added / (size.tenants - first.tenants)) * 100) / 100;
}

/** The result for people. */
export function operateTables(sizes: readonly OperateSize[], budgets: readonly Budget[]): string {
  const table = newTable(
    ["Command", "Tenants", "Time", "Ratio", "Processor", "Memory", "Requests", "Ratio", "Findings"],
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  for (const command of commands) {
    for (const { tenants, commands: costs } of sizes) {
      const [own, least] = [costs[command], sizes[0]?.commands[command] ?? costs[command]];
      table.push([
        command,
        String(tenants),
        seconds(own.seconds),
        ratio(own.seconds, least.seconds),
        seconds(own.processorSeconds),
        `${own.memory.toFixed(2)} GiB`,
        String(own.requests),
        ratio(own.requests, least.requests),
        String(own.findings),
      ]);
    }
  }
  const counts = newTable(["Count", "Counted", "Budget", ""], [1, 2]);
  for (const one of budgets)
    counts.push([one.what, one.counted.toFixed(2), `≤ ${one.atMost}`, isKept(one) ? "kept" : "BROKEN"]);
  return [table.toString(), ...(budgets.length === 0 ? [] : [counts.toString()]), ""].join("\n");
}

function ratio(value: number, least: number): string {
  return `${(value / least).toFixed(1)}×`;
}
