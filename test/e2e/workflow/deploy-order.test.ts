import assert from "node:assert/strict";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WorkflowClone } from "../../support/e2e/workflow-clone.js";

/** The steps of deploy.yml around an update, with the token of its jobs, which reads deployments alone. */
describe("steps of the workflow that updates stacks", () => {
  let clone: WorkflowClone;

  before(async () => {
    clone = await WorkflowClone.create("owner-of-acme");
    await clone.emulator.makeAccessToken({
      ...{ token: "job", app: "github-actions", repositories: ["fleet"] },
      permissions: { deployments: "read" },
    });
    const { root } = clone;
    for (const [stack, from] of [["staging"], ["prod-eu", "staging"], ["prod-us", "prod-eu"], ["lab"]]) {
      await mkdir(join(root, `stacks/${stack}/tenants`), { recursive: true });
      const settings = from === undefined ? "  fleet:cluster: c\n" : `  fleet:promotesFrom: ${from}\n`;
      await writeFile(join(root, `Pulumi.${stack}.yaml`), `config:\n${settings}`);
    }
    await clone.commit();
  });
  after(() => clone.end());

  /** Runs a step. @param environment beside that of each job */
  const step = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const job = { GITHUB_SERVER_URL: clone.url, GITHUB_TOKEN: "job", GITHUB_REPOSITORY: clone.repository };
    return clone.step(args, { ...job, GITHUB_REF_NAME: "main", ...environment });
  };

  /** A deployment of the newest commit of a branch, as GitHub creates one for each job of an environment. */
  async function deploy(environment: string, state: string, ref = "main"): Promise<void> {
    const path = `repos/${clone.repository}/deployments`;
    const body = { ref, environment, auto_merge: false, required_contexts: [] };
    const { body: made } = await clone.emulator.api("POST", path, body);
    const { status } = await clone.emulator.api("POST", `${path}/${(made as { readonly id: number }).id}/statuses`, {
      state,
    });
    assert.equal(status, 201);
  }

  it("print the order of stacks, with a wave for each step of a chain", async () => {
    const { code, out } = await step(["stacks"]);
    assert.equal(code, 0);
    const outputs = Object.fromEntries(
      out
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/=(.*)/s, 2)),
    );
    assert.deepEqual(JSON.parse(outputs.stacks), ["lab", "staging", "prod-eu", "prod-us"]);
    assert.deepEqual(JSON.parse(outputs.chains), [
      { stack: "lab", "wave-2": "[]", "wave-3": "[]", "wave-4": "[]" },
      { stack: "staging", "wave-2": '["prod-eu"]', "wave-3": '["prod-us"]', "wave-4": "[]" },
    ]);
  });

  it("hold back a stack until its predecessor was updated to the commit, from the branch alone", async () => {
    const wave = (number: string) => step(["wave", number, "--chain", "staging"]);
    const waits = /^prod-eu waits: staging was not updated to [0-9a-f]{7} \((no deployment|failure)\)\.\n$/;
    const held = async () => {
      const { code, out, err } = await wave("2");
      assert.deepEqual([code, out], [0, "stacks=[]\n"]);
      assert.match(err, waits);
    };
    await held();
    await clone.git("push", "--quiet", "origin", "HEAD:refs/heads/other");
    await deploy("staging", "success", "other");
    await held();
    await deploy("staging", "failure");
    await held();
    await deploy("staging", "in_progress");
    assert.match((await wave("2")).err, /^GitHub says that the update of staging to \S+ is not over\./);
    await deploy("staging", "success");
    assert.deepEqual(await wave("2"), { code: 0, out: 'stacks=["prod-eu"]\n', err: "" });
    assert.match((await wave("3")).err, /^prod-us waits: prod-eu was not updated/);
    await deploy("prod-eu", "success");
    assert.deepEqual(await wave("3"), { code: 0, out: 'stacks=["prod-us"]\n', err: "" });
  });

  it("refuse a commit when the stack has run a newer one, and let the newest pass", async () => {
    const before = await clone.git("rev-parse", "HEAD");
    await clone.commit();
    await deploy("prod-eu", "success");
    assert.match((await step(["newest", "prod-eu"])).out, /^No newer commit than/);
    await clone.git("checkout", "--quiet", before);
    const { code, err } = await step(["newest", "prod-eu"]);
    assert.equal(code, 1);
    assert.match(err, /^The stack prod-eu has run [0-9a-f]{7}, which is newer than [0-9a-f]{7}\./);
    assert.match((await step(["newest", "prod-us"])).out, /^No newer commit than/);
    await clone.git("checkout", "--quiet", "-");
  });

  it("name the right that the token of the job lacks", async () => {
    await clone.emulator.makeAccessToken({
      token: "none",
      app: "github-actions",
      repositories: ["fleet"],
      permissions: {},
    });
    for (const args of [
      ["wave", "2", "--chain", "staging"],
      ["newest", "prod-eu"],
    ]) {
      const { code, out, err } = await step(args, { GITHUB_TOKEN: "none" });
      assert.deepEqual([code, out], [1, ""]);
      assert.match(err, /GITHUB_TOKEN: GitHub did not list the deployments of acme\/fleet.*"Deployments: read"/);
    }
  });

  it("write the kubeconfig of the environment to a file that only the job's account reads", async () => {
    const file = join(clone.folder, "kubeconfig");
    const config = "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: https://c.example.com}}]\n";
    assert.deepEqual(await step(["kubeconfig", file], { FLEET_KUBECONFIG: config }), { code: 0, out: "", err: "" });
    assert.equal(await readFile(file, "utf8"), config);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });
});
