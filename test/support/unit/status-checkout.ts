import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addStatusCommand, type StatusSystems } from "../../../cli/commands/status.js";
import { statusTimes } from "../../../cli/status/time-limits.js";
import { soundSettings, soundTree } from "./checkout-tree.js";
import { FakeClock } from "./fake-clock.js";
import { FakeClusters } from "./fake-cluster-server.js";
import { clusterAnswers, readyLists } from "./live-stack.js";
import { older } from "./lock-checkout.js";
import { type CommandResult, runFleetWith } from "./run-fleet.js";
import { writeTree } from "./tree-files.js";

const settings = soundSettings();
const tree = {
  ...soundTree,
  "Pulumi.staging.yaml": settings,
  "Pulumi.prod-eu.yaml": settings,
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
};

/** The time of the looks, in milliseconds since 1970. */
export const lookedAt = Date.parse("2026-11-27T12:00:00Z");

/** The answers of the cluster of `staging`. @param lists @default - one tenant, and everything is Ready */
export function stagingAnswers(lists = readyLists("staging", ["team-a"])): Record<string, object | number> {
  return clusterAnswers("staging", lists);
}

/** A checkout with the stacks `staging` and `prod-eu`, and the clusters of its KUBECONFIG. */
export class StatusCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-status-"));
  readonly clusters = new FakeClusters();

  constructor() {
    writeTree(this.root, tree);
  }

  /** Runs `fleet status`. */
  async status(args: readonly string[], systems: Partial<StatusSystems> = {}): Promise<CommandResult> {
    const use: StatusSystems = {
      environment: this.clusters.environment(),
      times: statusTimes,
      // No wait ends by itself, however busy the machine is.
      clock: new FakeClock(),
      now: () => lookedAt,
      next: async () => false,
      ...systems,
    };
    const add = (...[program, streams]: Parameters<Parameters<typeof runFleetWith>[0]>) => {
      addStatusCommand(program, streams, this.root, use);
    };
    return await runFleetWith(add, "status", ...args);
  }

  async end(): Promise<void> {
    rmSync(this.root, { recursive: true, force: true });
    await this.clusters.end();
  }
}
