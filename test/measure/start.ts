/**
 * `npm run measure:start`: the processor time of the program's start and of its registrations, beside that of loading
 * Pulumi's packages alone. It needs no cluster and no engine.
 *
 *     npm run measure:start
 *     npm run measure:start -- --tenants 50 --runs 9
 */
import { Command, InvalidArgumentError } from "commander";
import { MeasuredProgram, type ProcessTimes } from "./start/measured-program.js";
import { renderStart, type StartResult } from "./start/report.js";

function count(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 999) {
    throw new InvalidArgumentError("It must be a whole number from 1 to 999.");
  }
  return number;
}

async function measureStart(tenants: number, runs: number): Promise<StartResult> {
  const program = await MeasuredProgram.create(tenants);
  try {
    const result = { packages: [] as number[], first: [] as ProcessTimes[], later: [] as ProcessTimes[] };
    for (let run = 0; run < runs; run += 1) {
      await program.forget();
      result.first.push(await program.run());
      result.packages.push(await program.loadPackages());
      result.later.push(await program.run());
    }
    return { tenants, resources: program.resources, ...result };
  } finally {
    await program.end();
  }
}

const command = new Command("npm run measure:start --")
  .description("Prints the processor time of the program's start, beside that of loading Pulumi's packages alone.")
  .option("--tenants <number>", "how many tenants", count, 10)
  .option("--runs <number>", "how many runs", count, 5)
  .action(async ({ tenants, runs }: { readonly tenants: number; readonly runs: number }) => {
    process.stdout.write(renderStart(await measureStart(tenants, runs)));
  });

await command.parseAsync();
