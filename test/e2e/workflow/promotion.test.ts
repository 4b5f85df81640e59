import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requireNewest } from "../../../cli/workflow/newest-deployment.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { WorkflowClone } from "../../support/e2e/workflow-clone.js";
import { FakeRepository } from "../../support/unit/fake-repository.js";

const repository = "acme/fleet";
const branch = "fleet/promote-staging-to-prod-eu";
const token = "a-token-for-tests";
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const production = "config:\n  fleet:promotesFrom: staging\n  fleet:fluxVersion: v2.8.1\n";

interface Pull {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body: string;
  readonly head: { readonly ref: string; readonly sha: string };
}

/** The steps of workflows that need Git, on a clone of a repository of the emulator. */
describe("steps of the workflows", () => {
  let clone: WorkflowClone;
  let root: string;
  let emulator: Emulator;
  let environment: Readonly<Record<string, string>>;

  before(async () => {
    clone = await WorkflowClone.create(token);
    ({ root, emulator } = clone);
    environment = {
      GITHUB_BASE_URL: clone.url,
      GITHUB_OWNER: "acme",
      GITHUB_TOKEN: token,
      GITHUB_REPOSITORY: repository,
    };
    await writeFile(join(root, "Pulumi.staging.yaml"), "config:\n  fleet:fluxVersion: v2.9.2\n");
    await writeFile(join(root, "Pulumi.prod-eu.yaml"), production);
    await clone.commit();
    // A job's clone keeps no credential.
    await git("remote", "set-url", "origin", `${clone.url}${repository}.git`);
  });
  after(() => clone.end());

  const git = (...args: readonly string[]) => clone.git(...args);

  async function promotion(variables = environment): Promise<{ readonly code: number; readonly out: string }> {
    const { code, out, err } = await clone.step(["promotion", "staging", "prod-eu"], variables);
    return { code, out: out + err };
  }

  const pulls = async () => (await emulator.api("GET", `repos/${repository}/pulls?state=all`)).body as readonly Pull[];
  const writeVersion = (version: string) =>
    writeFile(join(root, "Pulumi.prod-eu.yaml"), production.replace("v2.8.1", version));

  it("open no pull request when there is nothing to promote, whatever else has changed", async () => {
    await writeFile(join(root, "README.md"), "another text\n");
    const result = await promotion();
    assert.deepEqual(result, { code: 0, out: "Nothing to promote from staging to prod-eu.\n" });
    assert.deepEqual(await pulls(), []);
  });

  it("open one pull request with the files of the stack alone, and leave the clone as it was", async () => {
    await writeVersion("v2.9.2");
    await mkdir(join(root, "stacks/prod-eu/tenants"), { recursive: true });
    await writeFile(join(root, "stacks/prod-eu/tenants/[new].yaml"), "{}\n");
    const status = await git("status", "--porcelain");
    const { code, out } = await promotion();
    assert.equal(code, 0, out);
    assert.match(out, /^Opened http:\S+\/acme\/fleet\/pull\/1\.\n$/);
    const [pull, ...others] = await pulls();
    assert.deepEqual([pull?.state, pull?.title, others.length], ["open", "Promote staging to prod-eu", 0]);
    assert.equal(pull?.head.ref, branch);
    assert.match(pull?.body ?? "", /\n- {2}fleet:fluxVersion: v2\.8\.1\n\+ {2}fleet:fluxVersion: v2\.9\.2\n/);
    const files = await emulator.api("GET", `repos/${repository}/commits/${pull?.head.sha}`);
    assert.deepEqual(
      (files.body as { files: { filename: string }[] }).files.map(({ filename }) => filename),
      ["Pulumi.prod-eu.yaml", "stacks/prod-eu/tenants/[new].yaml"],
    );
    assert.equal(await git("status", "--porcelain"), status);
    assert.doesNotMatch(await git("config", "--list", "--local"), new RegExp(token));
  });

  it("change nothing when the promotion is the same, and replace the commit when it is another", async () => {
    const [before] = await pulls();
    assert.match((await promotion()).out, /^Up to date: /);
    assert.equal((await pulls())[0]?.head.sha, before?.head.sha);
    await writeVersion("v2.9.3");
    assert.match((await promotion()).out, /^Updated /);
    const [after, ...others] = await pulls();
    assert.notEqual(after?.head.sha, before?.head.sha);
    assert.deepEqual([after?.number, others.length], [1, 0]);
    assert.match(after?.body ?? "", /v2\.9\.3/);
  });

  it("close the pull request when there is nothing to promote any more", async () => {
    await writeVersion("v2.8.1");
    await rm(join(root, "stacks"), { recursive: true });
    assert.match((await promotion()).out, /^Nothing to promote from staging to prod-eu any more: closed /);
    assert.deepEqual(
      (await pulls()).map(({ state }) => state),
      ["closed"],
    );
  });

  it("leave a pull request alone that a person opened from the branch, and keep an edited text", async () => {
    const [closed] = await pulls();
    const path = `repos/${repository}/pulls`;
    const opened = await emulator.api("POST", path, { title: "Mine", body: "By hand", head: branch, base: "main" });
    assert.equal(opened.status, 201, JSON.stringify(opened.body));
    const before = await pulls();
    assert.match(
      (await promotion()).out,
      /^Nothing to promote from staging to prod-eu\. \S+ is a person's, and stays\.\n$/,
    );
    await writeVersion("v2.9.5");
    const { code, out } = await promotion();
    assert.equal(code, 1, out);
    assert.match(
      out,
      /^The pull request \S+ from the branch \S+ is not this command's: \S+ opened it, or its text lost/,
    );
    assert.deepEqual(await pulls(), before);
    await emulator.api("PATCH", `${path}/${(opened.body as Pull).number}`, { state: "closed" });

    await emulator.api("PATCH", `${path}/${closed?.number}`, {
      state: "open",
      body: `${closed?.body}\nA note of Ann.`,
    });
    assert.match((await promotion()).out, /^Updated \S+ A person edited its text, which stays\.\n$/);
    const kept = (await pulls()).find(({ number }) => number === closed?.number);
    assert.match(kept?.body ?? "", /\nA note of Ann\.$/);
    await emulator.api("PATCH", `${path}/${closed?.number}`, { state: "closed" });
  });

  it("act as a GitHub App in place of a token, and name the permission that it lacks", async () => {
    await writeVersion("v2.9.6");
    const asApp = async (permissions: Readonly<Record<string, "read" | "write">>) => {
      const { id, installationId } = await emulator.installApp({ slug: "promoter", publicKey, permissions });
      const { GITHUB_TOKEN: _, ...others } = environment;
      const app = { GITHUB_APP_ID: String(id), GITHUB_APP_INSTALLATION_ID: String(installationId) };
      return await promotion({ ...others, ...app, GITHUB_APP_PEM_FILE: pem });
    };
    const opened = async () => (await pulls()).map(({ number, state }) => ({ number, state }));
    const before = await opened();
    const lacking = await asApp({ contents: "write", pull_requests: "read" });
    assert.equal(lacking.code, 1, lacking.out);
    assert.match(lacking.out, /did not open a pull request of acme\/fleet.*"Pull requests: write"/s);
    assert.doesNotMatch(lacking.out, /PRIVATE KEY/);
    assert.deepEqual(await opened(), before);
    const { code, out } = await asApp({ contents: "write", pull_requests: "write" });
    assert.equal(code, 0, out);
    assert.match(out, /^Opened /);
    const [pull = assert.fail()] = (await pulls()).filter(({ state }) => state === "open");
    assert.match(pull.body, /v2\.9\.6/);
    await emulator.api("PATCH", `repos/${repository}/pulls/${pull.number}`, { state: "closed" });
  });

  it("refuse to replace a commit of a person", async () => {
    await emulator.api("PUT", `repos/${repository}/contents/note.md`, {
      message: "a note",
      content: Buffer.from("a note").toString("base64"),
      branch,
    });
    await writeVersion("v2.9.4");
    const { code, out } = await promotion();
    assert.equal(code, 1);
    assert.match(
      out,
      /^The branch fleet\/promote-staging-to-prod-eu has a commit that this command did not make\.\nWhat to do: /,
    );
  });

  it("refuse a commit that is older than one that was deployed to the stack, and no other", async () => {
    await git("checkout", "--quiet", "--force", "main");
    const [newest = "", older = ""] = (await git("rev-list", "main")).split("\n");
    await git("checkout", "--quiet", "--detach", older);
    const api = new FakeRepository();
    const judge = (state: string, sha = newest) => {
      api.deployed = [{ sha, state }];
      return requireNewest({ api, root, stack: "prod-eu" });
    };
    for (const state of ["success", "in_progress", "failure", "error", "inactive"]) {
      await assert.rejects(
        judge(state),
        new RegExp(`^JobError: The stack prod-eu has run ${newest.slice(0, 7)}, which is newer`),
      );
    }
    for (const state of ["waiting", "queued", "pending"]) assert.match(await judge(state), /^No newer commit than/);
    for (const sha of [older, "f".repeat(40)]) assert.match(await judge("success", sha), /^No newer commit than/);
    await git("checkout", "--quiet", "main");
    assert.match(await judge("success", older), /^No newer commit than/);
  });
});
