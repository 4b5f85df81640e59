import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkPackages } from "../linked-packages.js";
import { unprivileged } from "../unprivileged.js";

/** Folders of the program. */
const folders = [".", "lib", "cli", "cli/program", "node_modules"];

/** A program of two files that prints 42, with the preload of this project, in a folder of its own. */
export class SmallProgram {
  #isReadOnly = false;

  private constructor(
    readonly root: string,
    /** Folder that is removed at the end. */
    private readonly temporary: string,
  ) {}

  /**
   * @param checkout the folder of the project, whose preload the program takes
   * @param within name of a folder around the program. @default - none
   */
  static create(checkout: string, within = "."): SmallProgram {
    const temporary = realpathSync(mkdtempSync(join(tmpdir(), "fleet-program-")));
    const root = within === "." ? temporary : join(temporary, within, "program");
    const program = new SmallProgram(root, temporary);
    cpSync(join(checkout, "cli", "program"), join(root, "cli", "program"), { recursive: true });
    linkPackages(root);
    mkdirSync(join(root, "lib"));
    program.write("package.json", '{ "type": "module" }');
    program.write(
      "index.ts",
      'import { run } from "./lib/run.js";\nexport default () => {\n  const answer: number = run();\n  console.log(answer);\n};\n',
    );
    program.write("lib/run.ts", "export const run = (): number => 42;\n");
    return program;
  }

  /** Folder of the cache. */
  get kept(): string {
    return join(this.root, "node_modules", ".cache", "fleet");
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.root, file), content);
  }

  /** Runs index.ts as Pulumi's language host does: imported by a file of another folder, which maps stack traces. */
  run(
    env: Readonly<Record<string, string>> = {},
    ...flags: readonly string[]
  ): Promise<{ code: number; out: string; err: string }> {
    const program = `import(${JSON.stringify(join(this.root, "index.ts"))}).then((program) => program.default())`;
    const host = `require("source-map-support/register"); ${program}`;
    const args = [...flags, "--import", "./cli/program/preload.mjs", "--eval", host];
    return new Promise((resolve) => {
      const options = { cwd: this.root, env, ...(this.#isReadOnly ? unprivileged : {}) };
      execFile(process.execPath, args, options, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  /** From now on it runs as a user who may write nowhere in its folder. */
  makeReadOnly(): void {
    this.#isReadOnly = true;
    for (const folder of folders) chmodSync(join(this.root, folder), 0o555);
  }

  remove(): void {
    for (const folder of folders) chmodSync(join(this.root, folder), 0o755);
    rmSync(this.temporary, { recursive: true, force: true });
  }
}
