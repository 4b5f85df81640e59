import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addUpgradeCommand } from "../../../cli/commands/upgrade.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { soundTree } from "./checkout-tree.js";
import { asYaml, fluxManifest, lockOf } from "./flux-manifest.js";
import { Outside } from "./lock-outside.js";
import { type CommandResult, runFleetWith } from "./run-fleet.js";
import { readTree, type Tree, writeTree } from "./tree-files.js";

/** The version that the stacks have. */
export const former = "v9.9.8";
/** The golden inventory of the checkout. */
export const goldenFile = "test/unit/golden/staging.json";
/** The settings of a stack. */
export function settings(fluxVersion: string, ...more: readonly string[]): string {
  const lines = [
    'pulumi:disable-default-providers: ["*"]',
    "fleet:repositoryOwner: staging",
    `fleet:fluxVersion: ${fluxVersion} # one stack after the other`,
    ...more,
  ];
  return `config:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** A checkout with the stacks staging and prod-eu, which follows it, a folder of manifests, and an outside of its own. */
export class UpgradeCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-upgrade-"));
  readonly manifests = mkdtempSync(join(tmpdir(), "fleet-manifests-"));
  readonly outside: Outside;
  /** Writes the golden inventories. */
  golden: (root: string) => Promise<void> = () => Promise.resolve();

  constructor(before: readonly KubernetesObject[], after: readonly KubernetesObject[] = fluxManifest()) {
    this.outside = new Outside(after);
    this.write({
      ...soundTree,
      "Pulumi.staging.yaml": settings(former),
      "Pulumi.prod-eu.yaml": settings(former, "fleet:promotesFrom: staging", "fleet:platformRevision: {branch: main}"),
      "stacks/prod-eu/tenants/team-a.yaml": "sync: {ref: {branch: main}}\n",
      "flux.lock.json": JSON.stringify({ [former]: lockOf(before) }),
      [goldenFile]: "[]\n",
    });
    this.release(former, before);
  }

  end(): void {
    for (const folder of [this.root, this.manifests]) rmSync(folder, { recursive: true });
  }

  write(files: Tree): void {
    writeTree(this.root, files);
  }

  /** Puts the manifest of a version where FLEET_MANIFESTS leads. */
  release(name: string, objects: readonly KubernetesObject[]): void {
    writeTree(this.manifests, { [`${name}/install.yaml`]: asYaml(objects) });
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), "utf8");
  }

  /** Every file of the checkout. */
  files(): Readonly<Record<string, string>> {
    return readTree(this.root);
  }

  async run(...args: readonly string[]): Promise<CommandResult> {
    const transport = { fetch: this.outside.fetch, timeoutMs: 5000 };
    const sources = { transport, directory: this.manifests, golden: (root: string) => this.golden(root) };
    return await runFleetWith(
      (program, streams) => addUpgradeCommand(program, streams, this.root, sources),
      "upgrade",
      "flux",
      ...args,
    );
  }

  /** Runs what must fail, and checks that it wrote nothing. @returns what it said */
  async refused(args: readonly string[], ...words: readonly RegExp[]): Promise<string> {
    const before = this.files();
    const { code, err } = await this.run(...args);
    assert.equal(code, 1, err);
    for (const word of words) assert.match(err, word);
    assert.doesNotMatch(err, /^ +at /m, "no stack: this was written for the reader");
    assert.deepEqual(this.files(), before);
    return err;
  }
}
