import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportLines } from "@fleet/sandbox/shell";
import { execa } from "execa";
import { checkout } from "../../../cli/checkout.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";

/** A program with a secret, so that the engine needs what encrypts it. */
const program = `
"use strict";
const pulumi = require("@pulumi/pulumi");
exports.plain = new pulumi.Config("fleet").require("greeting");
exports.hidden = pulumi.secret("a secret of the program");
`;

/** In the environment of a stack that no other program has brought up yet; the stack is empty again afterwards. */
describe("the sandbox by hand", () => {
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let project: string;

  before(async function () {
    this.timeout(180_000);
    sandbox = await sharedSandbox();
    environment = await sandbox.environment("prod-eu");
    project = await sandbox.scratch("by-hand");
    await writeFile(
      join(project, "Pulumi.yaml"),
      "name: fleet\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    );
    await writeFile(join(project, "Pulumi.prod-eu.yaml"), "config:\n  fleet:greeting: hello\n");
    await writeFile(join(project, "package.json"), '{ "main": "index.js" }\n');
    await writeFile(join(project, "index.js"), program);
    await execa("ln", ["-s", join(checkout, "node_modules"), join(project, "node_modules")]);
    assert.deepEqual(await environment.engine.registered(), [], "another program was up before");
  });
  after(async () => {
    const { status } = await (await sandbox.github()).api("DELETE", "repos/:owner/by-hand");
    assert.equal(status, 204);
    assert.deepEqual(await environment.engine.registered(), []);
  });

  /** A command in a person's shell after `eval "$(npx fleet sandbox env prod-eu)"`. */
  async function shell(script: string, cwd = project): Promise<string> {
    const { stdout } = await execa("sh", ["-ec", `${exportLines(environment.variables)}${script}`], {
      cwd,
      stdin: "ignore",
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      extendEnv: false,
    });
    return stdout;
  }

  const stackFile = () => readFileSync(join(project, "Pulumi.prod-eu.yaml"), "utf8");

  it("runs plain pulumi, and leaves the stack's file as it was", async () => {
    const before = stackFile();
    await shell("pulumi preview --non-interactive");
    await shell("pulumi up --yes --non-interactive -s prod-eu");
    await shell("pulumi refresh --yes --non-interactive");
    await shell("pulumi config --json && pulumi stack history --show-secrets && pulumi stack export");
    assert.equal(stackFile(), before);
    assert.equal((await shell("pulumi stack output --show-secrets hidden")).trim(), "a secret of the program");
  });

  it("encrypts what is secret in the state", async () => {
    const state = await shell("pulumi stack export");
    assert.ok(!state.includes("a secret of the program"));
    assert.match(state, /"type": "passphrase"/);
  });

  it("follows an edited stack file, and a setting made by command", async () => {
    await shell("pulumi config set greeting 'good day'");
    assert.equal(stackFile(), "config:\n  fleet:greeting: good day\n");
    await shell("pulumi up --yes --non-interactive");
    assert.equal((await shell("pulumi stack output plain")).trim(), "good day");
  });

  it("survives the stack's removal and creation, the file kept and without a salt", async () => {
    const before = stackFile();
    await shell("pulumi destroy --yes --non-interactive && pulumi stack rm prod-eu --yes && pulumi stack init prod-eu");
    assert.equal(stackFile(), before);
    await shell("pulumi preview --non-interactive");
    assert.equal(stackFile(), before);
  });

  it("talks to its own cluster and the program's kubectl is the real one", async () => {
    assert.match(await shell("kubectl get namespaces --output name"), /namespace\/kube-system/);
    assert.equal((await shell("command -v kubectl")).trim(), join(sandbox.toolchain.bin, "kubectl"));
  });

  it("lets plain git clone and push over HTTP, and keeps the token out of the clone", async () => {
    const github = await sandbox.github();
    const { status } = await github.api("POST", "orgs/:owner/repos", {
      name: "by-hand",
      private: true,
      auto_init: true,
    });
    assert.equal(status, 201);
    const who = "-c user.name=x -c user.email=x@example.com";
    const script = `git clone --quiet "\${GITHUB_BASE_URL}acme/by-hand.git" clone && cd clone &&
      git ${who} commit --quiet --allow-empty -m pushed && git push --quiet && git remote -v && cat .git/config`;
    const told = await shell(script);
    assert.ok(!told.includes(environment.variables.GITHUB_TOKEN ?? "missing"));
    const { body } = await github.api("GET", "repos/:owner/by-hand/commits");
    assert.equal((body as { commit: { message: string } }[])[0]?.commit.message, "pushed");
  });

  it("refuses git without the token, at once and without asking", async () => {
    const url = `${environment.variables.GITHUB_BASE_URL}acme/by-hand.git`;
    const env = { PATH: process.env.PATH ?? "", GIT_TERMINAL_PROMPT: "0" };
    const { failed } = await execa("git", ["ls-remote", url], {
      env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    assert.ok(failed);
  });
});
