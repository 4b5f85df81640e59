import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";
import { runFleet } from "../../support/unit/run-fleet.js";

describe("the fleet command", () => {
  let scratch: string;
  let directory: string;
  /** A checkout with the stacks `live`, which creates the repositories, and `try-out`. */
  let root: string;
  const before = process.env.FLEET_SANDBOX_DIR;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "fleet-cli-"));
    directory = join(scratch, "state");
    root = join(scratch, "checkout");
    mkdirSync(directory);
    for (const stack of ["live", "try-out"]) mkdirSync(join(root, "stacks", stack, "tenants"), { recursive: true });
    writeFileSync(join(root, "Pulumi.try-out.yaml"), "config:\n  fleet:repositoryOwner: live\n");
    process.env.FLEET_SANDBOX_DIR = directory;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.FLEET_SANDBOX_DIR;
    else process.env.FLEET_SANDBOX_DIR = before;
    rmSync(scratch, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]) => runFleet(root, ...args);

  for (const [args, message] of [
    [["sandbx"], /unknown command 'sandbx'/],
    [["sandbox", "upp"], /unknown command 'upp'/],
    [["sandbox", "env"], /missing required argument 'stack'/],
    [["sandbox", "up", "live", "try-out"], /too many arguments/],
    [["sandbox", "status", "--yaml"], /unknown option '--yaml'/],
    [["sandbox", "up", "Live"], /there is no stack "Live"\. Did you mean live\?/],
    [["sandbox", "up", "tryout"], /there is no stack "tryout"\. Did you mean try-out\?/],
    [["sandbox", "env", "liv"], /there is no stack "liv"\. Did you mean live\?/],
    [["sandbox", "env", "production"], /there is no stack "production"\. The stacks are live, try-out\./],
    [["sandbox", "down", "../../etc"], /there is no stack "\.\.\/\.\.\/etc"\. The stacks are live, try-out\./],
    [["sandbox", "build", "flx"], /there is no part "flx"\. Did you mean flux\?/],
    [["sandbox", "build", "etcd", "gitea"], /there is no part "gitea"\. The parts are kubectl, .*, flux\./],
    [["help", "sandbx"], /unknown command 'sandbx'\. Did you mean sandbox\?/],
    [["help", "sandbox", "xyz"], /unknown command 'xyz'\.\n/],
  ] as const) {
    it(`says what is wrong with: ${args.join(" ")}, and prints nothing that a shell would evaluate`, async () => {
      const { code, out, err } = await run(...args);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, message);
    });
  }

  it("exits with 1 and one readable message when the sandbox does not run", async () => {
    const { code, out, err } = await run("sandbox", "env", "live");
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^The sandbox for live does not run .*\nWhat to do: .*\n$/);
  });

  it("refuses to delete the data of one environment, for GitHub holds a part of it", async () => {
    const { code, err } = await run("sandbox", "down", "live", "--purge");
    assert.equal(code, 1);
    assert.match(err, /--purge is for everything/);
  });

  it("ends nothing when nothing runs, and says so", async () => {
    const { code, out } = await run("sandbox", "down");
    assert.equal(code, 0);
    assert.match(out, /Nothing was running/);
  });

  it("makes no state directory only to look at it", async () => {
    process.env.FLEET_SANDBOX_DIR = join(directory, "none");
    assert.equal((await run("sandbox", "status")).code, 0);
    assert.equal((await run("sandbox", "down")).code, 0);
    assert.deepEqual(readdirSync(directory), []);
  });

  it("ends and prints what a stack has that the checkout has lost", async () => {
    mkdirSync(join(directory, "daemons"));
    writeFileSync(join(directory, ".fleet-sandbox"), "");
    writeFileSync(join(directory, "daemons", "environment-removed.json"), "damaged");
    assert.match((await run("sandbox", "env", "removed")).err, /The sandbox for removed does not run/);
    assert.equal((await run("sandbox", "down", "removed")).code, 0);
    assert.deepEqual(readdirSync(join(directory, "daemons")), []);
  });

  it("refuses a sandbox without a stack when nothing says which stack is meant", async () => {
    writeFileSync(join(root, "Pulumi.live.yaml"), "config:\n  fleet:repositoryOwner: try-out\n");
    const { code, err } = await run("sandbox", "up");
    assert.equal(code, 2);
    assert.match(err, /the settings do not say which stack comes first\. Name one of live, try-out\./);
  });

  for (const [what, ...args] of [
    ["end", "sandbox", "down"],
    ["start", "sandbox", "up", "live"],
    ["use", "sandbox", "env", "live"],
    ["delete", "sandbox", "down", "--purge"],
  ] as const) {
    it(`says in one message that the state directory cannot be used: ${what}`, async () => {
      writeFileSync(join(scratch, "file"), "");
      process.env.FLEET_SANDBOX_DIR = join(scratch, "file", "state");
      const { code, out, err } = await run(...args);
      assert.equal(code, 1);
      assert.equal(out, "");
      assert.match(err, /^Cannot use .*file\/state.*: a part of the path is not a folder \(\w+\)\.\nWhat to do: .*\n$/);
    });
  }

  it("says in one message that the state directory cannot be made, and ends", async () => {
    symlinkSync(join(scratch, "unmounted"), join(scratch, "link"));
    const places = [join(scratch, "link"), ...(process.platform === "linux" ? ["/proc/fleet-of-a-test/state"] : [])];
    for (const place of places) {
      process.env.FLEET_SANDBOX_DIR = place;
      const { code, err } = await run("sandbox", "up", "live");
      assert.equal(code, 1);
      assert.match(err, /^Cannot use .*: a part of the path leads nowhere \(mkdir\)\.\nWhat to do: .*\n$/);
    }
  });

  it("tells programs what runs as JSON", async () => {
    const { code, out } = await run("sandbox", "status", "--json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { stateDirectory: directory, parts: [], memory: 0 });
  });

  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { version: string };
    assert.deepEqual(await run("--version"), { code: 0, out: `${version}\n`, err: "" });
  });

  it("prints the same help for: help sandbox env, sandbox help env, sandbox env --help", async () => {
    const wanted = await run("sandbox", "env", "--help");
    assert.equal(wanted.code, 0);
    assert.match(wanted.out, /Usage: fleet sandbox env \[options\] <stack>/);
    assert.deepEqual(await run("help", "sandbox", "env"), wanted);
    assert.deepEqual(await run("sandbox", "help", "env"), wanted);
    assert.deepEqual(await run("help"), await run("--help"));
  });

  for (const args of [[], ["check"], ["lock"], ["sandbox"], ["sandbox", "up"]]) {
    it(`names the exit codes in its help: ${["fleet", ...args].join(" ")}`, async () => {
      const { out } = await run(...args, "--help");
      assert.match(
        out,
        /Exit codes: 0 for success, 1 for a failure or findings, 2 for wrong arguments, 3 when a command could not look\./,
      );
    });
  }

  it("explains itself", async () => {
    const { code, out } = await run("sandbox", "--help");
    assert.equal(code, 0);
    for (const command of ["up", "down", "status", "env"]) assert.match(out, new RegExp(`^ +${command} `, "m"));
  });
});
