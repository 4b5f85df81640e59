import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, cp, mkdtemp, readdir, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../cli/checkout.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { linkPackages } from "../../support/linked-packages.js";
import { isReachable, unprivileged } from "../../support/unprivileged.js";

/** The command of a user who may only read the checkout. What it keeps there only saves time. */
describe("fleet in a checkout that may only be read", () => {
  let root: string | undefined;
  let temporary = "";

  before(async function () {
    if (![dirname(process.execPath), checkout, tmpdir()].every((folder) => isReachable(folder))) this.skip();
    temporary = await mkdtemp(join(tmpdir(), "fleet-read-only-temporary-"));
    await chmod(temporary, 0o777);
    root = await mkdtemp(join(tmpdir(), "fleet-read-only-"));
    await copyCheckout(root);
    const packages = join(root, "node_modules");
    // In a folder of their own, which may only be read as well.
    await unlink(packages);
    linkPackages(root);
    await cp(join(checkout, "node_modules", ".package-lock.json"), join(packages, ".package-lock.json"));
    await execa("chmod", ["-R", "a+rX,a-w", root]);
  });
  after(async () => {
    if (root === undefined) return;
    await execa("chmod", ["-R", "u+w", root]);
    await Promise.all([root, temporary].map((folder) => rm(folder, { recursive: true })));
  });

  const fleet = (...args: readonly string[]) => {
    const env = { PATH: process.env.PATH ?? "", HOME: join(root ?? "", "home"), TMPDIR: temporary };
    const options = {
      cwd: root ?? "",
      env,
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      ...unprivileged,
    } as const;
    return execa(process.execPath, ["cli/fleet.mjs", ...args], options);
  };

  it("checks the files, and keeps nothing", async () => {
    const { exitCode, stdout, stderr } = await fleet("check", "staging");
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: "" }, stdout);
    assert.match(stdout, /staging/);
    assert.equal(existsSync(join(root ?? "", "node_modules", ".cache")), false);
    assert.deepEqual(await readdir(temporary), []);
  });

  it("tries out the files of a new tenant", async () => {
    const { exitCode, stdout, stderr } = await fleet("tenant", "new", "team-new", "--stack", "staging", "--dry-run");
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: "" }, stdout);
    assert.match(stdout, /stacks\/base\/tenants\/team-new\.yaml/);
    assert.deepEqual(await readdir(temporary), []);
  });

  it("names a file of the checkout that it cannot write, and leaves none behind", async () => {
    const { exitCode, stderr } = await fleet("tenant", "new", "team-new", "--stack", "staging");
    assert.equal(exitCode, 1);
    // These lines alone, without a stack trace. The journal is the first file that is written.
    const message = [
      `Cannot use ${root}/.fleet-writing.json.fleet-new: permission denied (open).`,
      "What to do: give yourself access to it, or choose another folder.",
    ];
    assert.deepEqual(stderr.split("\n"), message);
    assert.deepEqual(await readdir(temporary), []);
  });
});
