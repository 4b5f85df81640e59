import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { soundSettings, soundTree } from "./checkout-tree.js";
import { older } from "./lock-checkout.js";
import { runFleet } from "./run-fleet.js";
import { type Tree, writeTree } from "./tree-files.js";

/** Version of Flux that both stacks have. */
export const fluxVersion = "v2.9.2";
/** The lines of `fleet check` about files that it does not build. */
export const unbuilt = "fleet/: checked without kustomize; npx fleet diff builds it\n";
/** Its line about the tenant of the checkout. */
export const noCommitStatus =
  "Flux writes no commit status for team-a: set fleet:secrets.TENANT.commit-status, or FLEET_STATUSES for all tenants (docs/tenants/notifications-and-webhook.md).\n";

/** A checkout in which nothing is wrong, for each test of the suite that calls this, and `fleet check` in it. */
export function useCheckedCheckout() {
  let folder: string;
  const write = (files: Tree) => writeTree(folder, files);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-check-"));
    write({
      ...soundTree,
      "Pulumi.staging.yaml": soundSettings(),
      "Pulumi.prod-eu.yaml": soundSettings(),
      "flux.lock.json": JSON.stringify({ [fluxVersion]: older }),
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  return {
    root: () => folder,
    write,
    async check(...stacks: readonly string[]): Promise<{ code: number; out: string; err: string[] }> {
      const { err, ...result } = await runFleet(folder, "check", ...stacks);
      return { ...result, err: err.split("\n").slice(0, -1) };
    },
  };
}
