import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { soundSettings, soundTree } from "./checkout-tree.js";
import { older } from "./lock-checkout.js";
import { type Tree, writeTree } from "./tree-files.js";

/** A checkout with the stack staging, and scripts in the place of programs such as the engine. */
export class EngineCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "fleet-engine-"));
  /** File that `$NOTES` names for the scripts. */
  readonly notes = join(this.root, "notes");
  readonly #path = process.env.PATH;

  /** @param scripts by the name of the program, first in PATH; they end with `$EXIT_CODE`, at first 0 */
  constructor(scripts: Readonly<Record<string, string>>) {
    this.write({
      ...soundTree,
      "Pulumi.yaml": "name: fleet\n",
      "Pulumi.staging.yaml": soundSettings(),
      "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
    });
    for (const [name, script] of Object.entries(scripts)) {
      this.write({ [`bin/${name}`]: script });
      chmodSync(join(this.root, "bin", name), 0o755);
    }
    const path = [join(this.root, "bin"), this.#path].join(delimiter);
    Object.assign(process.env, { PATH: path, NOTES: this.notes, EXIT_CODE: "0" });
  }

  /** Restores the environment and deletes the checkout. */
  end(): void {
    process.env.PATH = this.#path;
    for (const name of ["NOTES", "EXIT_CODE"]) delete process.env[name];
    rmSync(this.root, { recursive: true, force: true });
  }

  write(files: Tree): void {
    writeTree(this.root, files);
  }

  /** The lines that scripts noted; none when none ran. */
  noted(): string[] {
    return existsSync(this.notes) ? readFileSync(this.notes, "utf8").trim().split("\n") : [];
  }
}
