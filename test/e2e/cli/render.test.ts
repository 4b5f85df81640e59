import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { copyCheckout } from "../../support/e2e/program-copy.js";

/** Runs in a copy of the program with its fixtures, without Flux's own objects, whose manifest would have to be fetched. */
describe("fleet render", () => {
  let root: string;
  beforeEach(async () => {
    root = await copyCheckout(await mkdtemp(join(tmpdir(), "fleet-render-test-")));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function render(...args: readonly string[]) {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ["cli/fleet.mjs", "render", ...args, "--without-flux"],
      { cwd: root, env: { PATH: process.env.PATH, GITHUB_OWNER: "acme" }, extendEnv: false, reject: false },
    );
    return { code: exitCode, out: stdout, err: stderr };
  }

  it("refuses an unknown tenant, with what is meant", async () => {
    const { code, out, err } = await render("staging", "--tenant", "team-serch");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /the stack staging has no tenant "team-serch"\. Did you mean team-search\?/);
  });

  it("writes over no file", async () => {
    const file = join(root, "staging.yaml");
    await writeFile(file, "mine\n");
    const { code, out, err } = await render("staging", "--file", file);
    assert.deepEqual([code, out, await readFile(file, "utf8")], [1, "", "mine\n"]);
    assert.match(err, /staging\.yaml.*exists already, so it is not written over/);
  });

  it("renders nothing of files with problems", async () => {
    await appendFile(join(root, "stacks/base/tenants/team-search.yaml"), "limits: {size: huge}\n");
    const { code, out, err } = await render("staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /team-search\.yaml.*limits\.size: must be one of small/);
  });

  it("says that its reader has closed the output", async () => {
    const script = "set -o pipefail; node cli/fleet.mjs render staging --without-flux | head -n 1";
    const { exitCode, stdout, stderr } = await execa("bash", ["-c", script], { cwd: root, reject: false });
    assert.deepEqual([exitCode, stdout], [1, "---"]);
    assert.equal(stderr, "fleet: the reader of the output has closed it, so the output is not complete.");
  });

  it("has the same bytes on each run, to a file too, and names the organisation of the environment", async () => {
    const { code, out } = await render("staging");
    assert.equal(code, 0);
    const file = join(root, "staging.yaml");
    assert.deepEqual(await render("staging", "--file", file), { code: 0, out: "", err: "" });
    assert.equal(await readFile(file, "utf8"), `${out}\n`);
    assert.match(out, /\n {2}url: ssh:\/\/git@github\.com\/acme\/team-search\.git/);
    const one = (await render("staging", "--tenant", "team-search")).out;
    assert.ok(one.includes("name: team-search\n"));
    assert.doesNotMatch(one, /payments|^kind: ClusterRole$/m);
    assert.match((await render("staging", "--github")).out, /^- type: github:index\/branchDefault:BranchDefault\n/);
  });
});
