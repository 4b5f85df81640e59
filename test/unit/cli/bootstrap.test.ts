import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkout } from "../../../cli/checkout.js";

const lock = (version: string) =>
  JSON.stringify({
    packages: {
      "": { name: "fleet" },
      "node_modules/tsx": { version },
      "node_modules/@fleet/sandbox": { resolved: "sandbox", link: true },
      "node_modules/for-another-system": { version: "1.0.0", optional: true },
    },
  });

describe("bootstrap", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-bootstrap-"));
    mkdirSync(join(root, "cli"));
    for (const file of ["bootstrap.mjs", "installed.mjs"]) cpSync(join(checkout, "cli", file), join(root, "cli", file));
    writePackage(">=20.19");
    writeFileSync(join(root, "package-lock.json"), lock("1.0.0"));
    fakeNpm('mkdir -p node_modules\ncp package-lock.json node_modules/.package-lock.json\necho "npm: $*"\n');
    program('console.log("program:", process.argv.slice(2).join(" "), globalThis.registered);\n');
    mkdirSync(join(root, "tsx"));
    writeFileSync(join(root, "tsx", "package.json"), '{ "type": "module", "exports": { "./esm/api": "./api.js" } }');
    writeFileSync(join(root, "tsx", "api.js"), "export const register = () => { globalThis.registered = true; };\n");
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function writePackage(node: string): void {
    writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module", engines: { node } }));
  }

  function program(content: string): void {
    writeFileSync(join(root, "program.mjs"), content);
  }

  /** An npm that installs a tsx which notes that it was registered, and whatever else. */
  function fakeNpm(content: string): void {
    mkdirSync(join(root, "bin"), { recursive: true });
    const file = join(root, "bin", "npm");
    writeFileSync(
      file,
      `#!/bin/sh\necho called >> calls\n${content}[ ! -d node_modules ] || cp -R tsx node_modules/\n`,
    );
    chmodSync(file, 0o755);
  }

  async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const PATH = `${join(root, "bin")}${delimiter}${process.env.PATH ?? ""}`;
    const child = spawn(process.execPath, ["--import", "./cli/bootstrap.mjs", "program.mjs", ...args], {
      cwd: root,
      env: { PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += String(data);
    });
    child.stderr.on("data", (data) => {
      err += String(data);
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out, err };
  }

  function calls(): number {
    const file = join(root, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
  }

  it("refuses a Node that is too old, before it installs anything", async () => {
    writePackage(">=99.1");
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /^Node \d+\.\d+\.\d+ is too old: Node >=99\.1 is needed/);
    assert.equal(calls(), 0);
  });

  it("does not run the program when npm fails", async () => {
    fakeNpm("exit 7\n");
    const { code, out, err } = await run();
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /npm ci failed \(exit code 7\)/);
  });

  it("does not try for ever when npm installs something else than the lock file says", async () => {
    fakeNpm(`mkdir -p node_modules\necho '${lock("2.0.0")}' > node_modules/.package-lock.json\n`);
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /npm ci ended well, and yet: node_modules\/tsx/);
    assert.equal(calls(), 1);
  });

  it("installs what is missing once, and keeps npm's words out of the program's output", async () => {
    const first = await run("a b", "c");
    assert.deepEqual({ code: first.code, out: first.out }, { code: 0, out: "program: a b c true\n" });
    assert.match(first.err, /npm ci\nnpm: ci /);
    assert.deepEqual(await run(), { code: 0, out: "program:  true\n", err: "" });
    assert.equal(calls(), 1);
  });

  it("installs again when package-lock.json has changed since", async () => {
    await run();
    writeFileSync(join(root, "package-lock.json"), lock("1.0.1"));
    const { code, err } = await run();
    assert.equal(code, 0);
    assert.match(err, /node_modules\/tsx is not installed as package-lock.json says/);
    assert.equal(calls(), 2);
  });

  it("installs again when a package of the workspace is not linked", async () => {
    await run();
    const installed = JSON.parse(lock("1.0.0")) as { packages: Record<string, unknown> };
    delete installed.packages["node_modules/@fleet/sandbox"];
    writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify(installed));
    const { code, err } = await run();
    assert.equal(code, 0);
    assert.match(err, /node_modules\/@fleet\/sandbox is not installed as package-lock.json says/);
    assert.equal(calls(), 2);
  });

  it("installs again after an installation that was interrupted", async () => {
    mkdirSync(join(root, "node_modules", "tsx"), { recursive: true });
    assert.equal((await run()).code, 0);
    assert.equal(calls(), 1);
  });

  it("leaves the exit code to the program", async () => {
    program("process.exitCode = 42;\n");
    assert.equal((await run()).code, 42);
  });
});
