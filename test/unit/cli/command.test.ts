import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../cli/fleet.js";

describe("the fleet command", () => {
  let directory: string;
  const before = process.env.FLEET_SANDBOX_DIR;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "fleet-cli-"));
    process.env.FLEET_SANDBOX_DIR = directory;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.FLEET_SANDBOX_DIR;
    else process.env.FLEET_SANDBOX_DIR = before;
    rmSync(directory, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ["", ""];
    const code = await main(args, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  }

  for (const [args, message] of [
    [["sandbx"], /unknown command 'sandbx'/],
    [["sandbox", "upp"], /unknown command 'upp'/],
    [["sandbox", "env"], /missing required argument 'stack'/],
    [["sandbox", "up", "staging", "prod-eu"], /too many arguments/],
    [["sandbox", "status", "--yaml"], /unknown option '--yaml'/],
  ] as const) {
    it(`says what is wrong with: ${args.join(" ")}, and prints nothing that a shell would evaluate`, async () => {
      const { code, out, err } = await run(...args);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, message);
    });
  }

  it("exits with 1 and one readable message when the sandbox does not run", async () => {
    const { code, out, err } = await run("sandbox", "env", "staging");
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^The sandbox for staging does not run .*\nWhat to do: .*\n$/);
  });

  it("refuses to delete the data of one environment, for GitHub holds a part of it", async () => {
    const { code, err } = await run("sandbox", "down", "staging", "--purge");
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

  it("tells programs what runs as JSON", async () => {
    const { code, out } = await run("sandbox", "status", "--json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { stateDirectory: directory, parts: [], memory: 0 });
  });

  it("explains itself", async () => {
    const { code, out } = await run("sandbox", "--help");
    assert.equal(code, 0);
    for (const command of ["up", "down", "status", "env"]) assert.match(out, new RegExp(`^ +${command} `, "m"));
  });
});
