import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addPromoteCommand, type PromoteSources } from "../../../cli/commands/promote.js";
import { addStackCommands } from "../../../cli/commands/stack.js";
import type { StackOutputs } from "../../../cli/stack-outputs.js";
import { fluxValue, type Part } from "../../../promotion/content.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { type ReadyLook, withLook } from "../../../promotion/ready.js";
import { clusterFolders, soundTree } from "./checkout-tree.js";
import { older } from "./lock-checkout.js";
import { type CommandResult, runFleetWith } from "./run-fleet.js";
import { readTree, type Tree, writeTree } from "./tree-files.js";

/** The commit that staging runs, unless a test has another look. */
export const commit = "0123456789abcdef0123456789abcdef01234567";
/** The time of the first proof and look. */
export const start = Date.UTC(2026, 0, 1);
const at = { file: "", path: "" };
const release = (version: string, name = "proxy") => `# The ingress.
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ${name}, namespace: platform}
spec:
  chart:
    spec: # pinned
      chart: ingress-nginx
      version: ${version}
`;

/** The settings of a stack. @param lines more of them */
function settings(fluxVersion: string, ...lines: readonly string[]): string {
  const start = ["config:", '  pulumi:disable-default-providers: ["*"]', "  # Not the newest."];
  return `${[...start, `  fleet:fluxVersion: ${fluxVersion} # tested`, "  fleet:repositoryOwner: staging", ...lines].join("\n")}\n`;
}

/** The files of the checkout: staging runs Flux v2.9.2, and prod-eu, which follows it, v2.8.1. */
export const tree = {
  ...soundTree,
  ...clusterFolders("staging"),
  "stacks/base/tenants/team-a.yaml": "name: team-a\nsync:\n  ref: {branch: next}\n",
  "stacks/prod-eu/tenants/team-a.yaml": "# Production.\nsync:\n  # Slow.\n  timeout: 10m\n",
  "Pulumi.staging.yaml": settings("v2.9.2"),
  "Pulumi.prod-eu.yaml": settings("v2.8.1", "  fleet:promotesFrom: staging # first", "  fleet:platformInterval: 5m"),
  "flux.lock.json": JSON.stringify({ "v2.9.2": older, "v2.8.1": older }),
  "fleet/clusters/prod-eu/kustomization.yaml": "resources: [two.yaml]\n",
  "fleet/clusters/prod-eu/two.yaml": `${release("4.11.2", "other")}---\n${release("4.11.3")}`,
};

/** Two commits that staging ran before. */
export const [first, second] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
/** In milliseconds. */
export const hour = 3_600_000;

/** A proof of staging. @param values of its parts, in place of those of the checkout */
export function proof({ flux = fluxValue("v2.9.2", older), chart = "ingress-nginx 4.12.0" } = {}): Proof {
  const content: readonly Part[] = [
    { kind: "flux", name: "", value: flux, ...at },
    { kind: "chart", name: "HelmRelease platform/proxy", value: chart, ...at },
  ];
  return nextProof({ before: undefined, content, now: start });
}

/** The outputs of a stack with a proof. */
export function outputs(proved = proof()): StackOutputs {
  return { outputs: { proved } };
}

/** A look at staging, where the platform and team-a run a commit. */
export function look(
  revision: string,
  waiting: ReadyLook["waiting"] = {},
  tenant = `next@sha1:${revision}`,
): ReadyLook {
  const revisions = { platform: `main@sha1:${revision}`, "team-a/team-a": tenant };
  return {
    revisions: Object.fromEntries(Object.entries(revisions).filter(([name]) => !Object.hasOwn(waiting, name))),
    waiting,
  };
}

/** The outputs of staging after looks, an hour apart. */
export function looked(...looks: readonly ReadyLook[]): StackOutputs {
  return outputs(looks.reduce((proved, one, index) => withLook(proved, one, start + index * hour), proof()));
}
/** The file of the tenant on prod-eu. */
export const own = "stacks/prod-eu/tenants/team-a.yaml";
/** The lines of prod-eu's settings that pin the platform to a commit. */
export const platform = (revision: string) => `  fleet:platformRevision:\n    commit: ${revision}\n`;
/** The lines of the tenant's file that pin its sync to a commit. */
export const ref = (revision: string) => `  ref:\n    commit: ${revision}\n    branch: next\n`;

/** A checkout for one test of `fleet promote` and `fleet stack list`. */
export class PromoteCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-promote-"));

  constructor() {
    this.write(tree);
  }

  /** Deletes the checkout. */
  end(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  write(files: Tree): void {
    writeTree(this.root, files);
  }

  files(): Readonly<Record<string, string>> {
    return readTree(this.root);
  }

  /** Runs a command 48 hours after the first look, and lists the files that it changed. */
  async run(
    args: readonly string[],
    changes: Partial<PromoteSources> = {},
  ): Promise<CommandResult & { readonly changed: string[] }> {
    const read = { outputs: async () => looked(look(commit)), now: () => start + 48 * hour, ...changes };
    const before = this.files();
    const result = await runFleetWith(
      (program, streams) => {
        addPromoteCommand(program, streams, this.root, read);
        addStackCommands(program, streams, this.root, read.outputs, () => start);
      },
      ...args,
    );
    const after = this.files();
    return { ...result, changed: Object.keys(after).filter((file) => after[file] !== before[file]) };
  }

  /** Expects a refusal that prints and changes nothing. */
  async refused(
    args: readonly string[],
    changes: Partial<PromoteSources>,
    code: number,
    message: RegExp,
  ): Promise<void> {
    const result = await this.run(args, changes);
    assert.deepEqual([result.code, result.out, result.changed], [code, "", []], result.err);
    assert.match(result.err, message);
  }
}
