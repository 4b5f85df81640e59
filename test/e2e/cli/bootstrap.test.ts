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
      "node_modules/tool": { version },
      "node_modules/@fleet/sandbox": { resolved: "sandbox", link: true },
      "node_modules/for-another-system": { version: "1.0.0", optional: true },
    },
  });

describe("bootstrap", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-bootstrap-"));
    mkdirSync(join(root, "cli"));
    for (const file of ["bootstrap.mjs", "install.mjs"]) cpSync(join(checkout, "cli", file), join(root, "cli", file));
    writePackage(">=20.19");
    writeFileSync(join(root, "package-lock.json"), lock("1.0.0"));
    fakeNpm('mkdir -p node_modules/.bin\ncp package-lock.json node_modules/.package-lock.json\necho "npm: $*"\n');
    script(join(root, "tool"), 'echo "tool: $*"\n');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function writePackage(node: string): void {
    writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module", engines: { node } }));
  }

  function script(file: string, content: string): void {
    writeFileSync(file, `#!/bin/sh\n${content}`);
    chmodSync(file, 0o755);
  }

  /** An npm that installs the tool that the tests run, and other packages. */
  function fakeNpm(content: string): void {
    mkdirSync(join(root, "bin"), { recursive: true });
    script(
      join(root, "bin", "npm"),
      `echo called >> calls\n${content}[ ! -d node_modules ] || cp tool node_modules/.bin/tool\n`,
    );
  }

  function start(...args: string[]) {
    const PATH = `${join(root, "bin")}${delimiter}${process.env.PATH ?? ""}`;
    return spawn(process.execPath, [join(root, "cli", "bootstrap.mjs"), ...args], {
      cwd: root,
      env: { PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const child = start(...args);
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
    const { code, err } = await run("tool");
    assert.equal(code, 1);
    assert.match(err, /^Node \d+\.\d+\.\d+ is too old: Node >=99\.1 is needed/);
    assert.equal(calls(), 0);
  });

  it("does not run the command when npm fails", async () => {
    fakeNpm("exit 7\n");
    const { code, out, err } = await run("tool");
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /npm ci failed \(exit code 7\)/);
  });

  it("does not try for ever when npm installs something else than the lock file says", async () => {
    fakeNpm(`mkdir -p node_modules/.bin\necho '${lock("2.0.0")}' > node_modules/.package-lock.json\n`);
    const { code, err } = await run("tool");
    assert.equal(code, 1);
    assert.match(err, /npm ci ended well, and yet: node_modules\/tool/);
    assert.equal(calls(), 1);
  });

  it("says so when there is no such command", async () => {
    const { code, err } = await run("no-such-tool");
    assert.equal(code, 127);
    assert.match(err, /no-such-tool cannot be run/);
  });

  it("explains its use when there is nothing to run", async () => {
    assert.equal((await run()).code, 2);
    assert.equal((await run("--")).code, 2);
  });

  it("installs what is missing once, and keeps npm's words out of the command's output", async () => {
    const first = await run("tool", "a b", "c");
    assert.deepEqual({ code: first.code, out: first.out }, { code: 0, out: "tool: a b c\n" });
    assert.match(first.err, /npm ci\nnpm: ci /);
    const second = await run("--", "tool");
    assert.deepEqual(second, { code: 0, out: "tool: \n", err: "" });
    assert.equal(calls(), 1);
  });

  it("installs again when package-lock.json has changed since", async () => {
    await run("tool");
    writeFileSync(join(root, "package-lock.json"), lock("1.0.1"));
    const { code, err } = await run("tool");
    assert.equal(code, 0);
    assert.match(err, /node_modules\/tool is not installed as package-lock.json says/);
    assert.equal(calls(), 2);
  });

  it("installs again when a package of the workspace is not linked", async () => {
    await run("tool");
    const installed = JSON.parse(lock("1.0.0")) as { packages: Record<string, unknown> };
    delete installed.packages["node_modules/@fleet/sandbox"];
    writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify(installed));
    const { code, err } = await run("tool");
    assert.equal(code, 0);
    assert.match(err, /node_modules\/@fleet\/sandbox is not installed as package-lock.json says/);
    assert.equal(calls(), 2);
  });

  it("installs again after an installation that was interrupted", async () => {
    mkdirSync(join(root, "node_modules", "tool"), { recursive: true });
    assert.equal((await run("tool")).code, 0);
    assert.equal(calls(), 1);
  });

  it("passes the command's exit code on", async () => {
    script(join(root, "tool"), "exit 42\n");
    assert.equal((await run("tool")).code, 42);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`passes ${signal} on, and waits for the command's own end`, async () => {
      script(
        join(root, "tool"),
        `trap 'echo ended in order; exit 3' ${signal.slice(3)}\necho ready\nwhile :; do sleep 0.05; done\n`,
      );
      const child = start("tool");
      let out = "";
      child.stdout.on("data", (data) => {
        out += String(data);
        if (out === "ready\n") child.kill(signal);
      });
      const [code] = (await once(child, "close")) as [number | null];
      assert.deepEqual({ code, out }, { code: 3, out: "ready\nended in order\n" });
    });
  }
});
