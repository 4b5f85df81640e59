import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMissing, readIfPresent } from "../../toolchain/cache.js";
import type { GoRecipe } from "../../toolchain/recipes.js";

/** One `go build` that the fake saw. */
export interface BuildCall {
  readonly name: string;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A machine with a `go` and a `git` that are scripts: building takes no time, and fails or hangs on demand. */
export class FakeMachine {
  private constructor(readonly root: string) {}

  static async create(): Promise<FakeMachine> {
    const machine = new FakeMachine(await mkdtemp(join(tmpdir(), "fleet-toolchain-test-")));
    for (const folder of ["bin", "fail", "hold", "empty", "programs", "source/one", "cache"]) {
      await mkdir(join(machine.root, folder), { recursive: true });
    }
    await machine.script("go", fakeGo);
    await machine.script("git", "process.stdout.write('git version 2.50.0')");
    await machine.goSettings({});
    await machine.write("source/one/go.mod", "module one\n\ngo 1.26.0\n");
    await machine.write("source/one/go.sum", "example.org/a v1.0.0 h1:a\n");
    return machine;
  }

  /** Only what the fake has is on PATH. */
  get environment(): NodeJS.ProcessEnv {
    return { PATH: join(this.root, "bin"), FLEET_TOOLCHAIN_CACHE: this.path("cache"), HOME: this.root };
  }

  /** The arguments of ensureToolchain. */
  options(...names: string[]) {
    return { environment: this.environment, source: this.path("source"), recipes: names.map((name) => recipe(name)) };
  }

  path(...names: string[]): string {
    return join(this.root, ...names);
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(join(this.root, path, ".."), { recursive: true });
    await writeFile(join(this.root, path), content);
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.root, path), { recursive: true, force: true });
  }

  /** Makes a command of `bin` from a Node.js script. */
  async script(name: string, code: string): Promise<void> {
    await this.write(`bin/${name}`, `#!${process.execPath}\n${code}\n`);
    await chmod(this.path("bin", name), 0o755);
  }

  async goSettings(changed: Record<string, string>): Promise<void> {
    const settings = { GOVERSION: "go1.26.8", GOHOSTOS: "linux", GOHOSTARCH: "amd64", GOAMD64: "v1", ...changed };
    await this.write("settings.json", JSON.stringify(settings));
  }

  /** The builds so far, in order. */
  async builds(): Promise<readonly BuildCall[]> {
    try {
      // The text after the last line's end is still being written.
      const lines = (await readFile(this.path("builds"), "utf8")).split("\n").slice(0, -1);
      return lines.map((line) => JSON.parse(line) as BuildCall);
    } catch (error) {
      if (isMissing(error)) {
        return [];
      }
      throw error;
    }
  }

  async builtNames(): Promise<readonly string[]> {
    return (await this.builds()).map(({ name }) => name);
  }

  /** The parts whose sources were downloaded so far, in order. */
  async downloads(): Promise<readonly string[]> {
    return ((await readIfPresent(this.path("downloads"))) ?? "").split("\n").slice(0, -1);
  }

  async destroy(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** A recipe of the fake's one module folder. */
export function recipe(name: string, changed: Partial<GoRecipe> = {}): GoRecipe {
  return {
    kind: "go",
    name,
    version: "v1.0.0",
    module: "one",
    package: `example.org/${name}`,
    output: `bin/${name}`,
    coldSeconds: 60,
    ...changed,
  };
}

/**
 * `go env` answers settings.json, `go mod download` modules.json. `go list` records the download, and fails with
 * offline/NAME's text. `go build` records the call, prints compiles/NAME, waits while hold/NAME exists, fails with
 * fail/NAME's text, leaves nothing when empty/NAME exists, and otherwise writes programs/NAME or a line as its result. Where compiler/NAME exists, it starts a process that never ends, and writes its id there.
 */
const fakeGo = `
const { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const at = (...names) => join(__dirname, "..", ...names);
const [command, ...args] = process.argv.slice(2);
if (command === "env") {
  process.stdout.write(readFileSync(at("settings.json")));
} else if (command === "mod") {
  process.stdout.write(readFileSync(at("modules.json")));
} else if (command === "list") {
  const name = basename(args.at(-1));
  appendFileSync(at("downloads"), name + "\\n");
  if (existsSync(at("offline", name))) {
    process.stderr.write(readFileSync(at("offline", name)));
    process.exitCode = 1;
  }
} else {
  const out = args[args.indexOf("-o") + 1];
  const name = basename(out);
  if (existsSync(at("compiler", name))) {
    const compiler = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    writeFileSync(at("compiler", name), String(compiler.pid));
  }
  appendFileSync(at("builds"), JSON.stringify({ name, cwd: process.cwd(), args, environment: process.env }) + "\\n");
  if (existsSync(at("compiles", name))) process.stderr.write(readFileSync(at("compiles", name)));
  const finish = () => {
    if (existsSync(at("hold", name))) {
      return setTimeout(finish, 20);
    }
    if (existsSync(at("fail", name))) {
      process.stderr.write(readFileSync(at("fail", name)));
      process.exitCode = 1;
    } else if (!existsSync(at("empty", name))) {
      writeFileSync(out, existsSync(at("programs", name)) ? readFileSync(at("programs", name)) : "program " + name);
      chmodSync(out, 0o755);
    }
  };
  finish();
}
`;
