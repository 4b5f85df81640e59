import { addRetrofitCommand, type RetrofitSystems } from "../../../cli/commands/retrofit.js";
import { fixtures } from "../fixtures.js";
import type { FakeApiServer } from "./fake-api-server.js";
import { retrofitPlan } from "./retrofit-cluster.js";
import { type CommandResult, runFleetWith } from "./run-fleet.js";

/** Runs `fleet retrofit` on the stack `staging` of the fixtures, with a plan of these tenants. */
export async function retrofit(
  server: FakeApiServer,
  tenants: readonly string[],
  ...args: readonly string[]
): Promise<CommandResult> {
  return await retrofitWith(server, { plan: async () => retrofitPlan(...tenants) }, ...args);
}

/** Runs `fleet retrofit` with other systems. */
export async function retrofitWith(
  server: FakeApiServer,
  systems: Partial<RetrofitSystems>,
  ...args: readonly string[]
): Promise<CommandResult> {
  const use: RetrofitSystems = {
    environment: {},
    limits: { answerMs: 30_000, loginMs: 30_000 },
    plan: async () => [],
    release: async () => ({ version: "v2.9.2", objects: [] }),
    connect: async () => server,
    ...systems,
  };
  const shared = ["--context", "prod", "--stack", "staging", "--wait", "0"];
  return await runFleetWith(
    (program, streams) => addRetrofitCommand(program, streams, fixtures, use),
    ...["retrofit", ...shared, ...args],
  );
}
