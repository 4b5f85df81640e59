import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addLockCommand } from "../../../cli/commands/lock.js";
import { soundTree } from "./checkout-tree.js";
import { lockOf } from "./flux-manifest.js";
import { Outside } from "./lock-outside.js";
import { type CommandResult, runFleetWith } from "./run-fleet.js";
import type { Tree } from "./tree-files.js";

/** An image of the made-up release, in {@link Outside.tags}. */
export const source = "source-controller:v1.0.1";
/** The lock's entry of the version before, v9.9.8. */
export const older = { ...lockOf(), source: "https://releases.example.com/v9.9.8/install.yaml" };

/** A checkout in which nothing is wrong, with the settings of staging and a lock of its version. */
export const lockedTree: Tree = {
  ...soundTree,
  "Pulumi.staging.yaml": `config:
  pulumi:disable-default-providers: ["*"]
  fleet:fluxVersion: v2.9.2
  fleet:repositoryOwner: staging
`,
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
  "Pulumi.yaml": "name: fleet\n",
};

/** A directory with a lock of v9.9.8, and an outside of its own: for one test of `fleet lock`. */
export class LockCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-lock-"));
  /** Path of the lock. */
  readonly file = join(this.root, "flux.lock.json");
  readonly outside = new Outside();

  constructor() {
    writeFileSync(this.file, JSON.stringify({ "v9.9.8": older }));
  }

  /** Deletes the directory. */
  end(): void {
    rmSync(this.root, { recursive: true });
  }

  /** Text of the lock. */
  locked(): string {
    return readFileSync(this.file, "utf8");
  }

  /** The command as `main` runs it, on this directory and this outside. */
  async run(...args: readonly string[]): Promise<CommandResult> {
    const transport = { fetch: this.outside.fetch, timeoutMs: 5000 };
    return await runFleetWith(
      (program, streams) => addLockCommand(program, streams, this.root, transport),
      "lock",
      ...args,
    );
  }

  /** Runs what must fail, and checks that it wrote nothing and left nothing behind. @returns its message, without the last line break */
  async refused(args: readonly string[], ...words: readonly (RegExp | string)[]): Promise<string> {
    const before = this.locked();
    const { code, err } = await this.run(...args);
    assert.equal(code, 1, err);
    for (const word of words)
      assert.ok(typeof word === "string" ? err.includes(word) : word.test(err), `${word}:\n${err}`);
    assert.equal(this.locked(), before);
    assert.deepEqual(readdirSync(this.root), ["flux.lock.json"]);
    assert.doesNotMatch(err, /^ +at /m, "no stack: this was written for the reader");
    return err.trimEnd();
  }
}
