import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHubEmulator, startGitHub } from "@fleet/sandbox/github";
import { execa } from "execa";
import { tenantScaffold } from "../../../policies/scaffold/scaffold.js";
import { Emulator } from "../../support/e2e/emulator.js";
import { GitClone } from "../../support/e2e/git-clone.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { scaffoldWorkflows } from "../../support/unit/workflows.js";

const repository = "acme/team-images";
const branch = "image-updates";
const ownerToken = "a-token-for-tests";
/** The token of a job, with the rights that its workflow names. */
const jobToken = "ghs_of_the_job";
const manifest = "deploy/base/release.yaml";

interface Pull {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body: string;
}

/** A line of a manifest that the cluster updates. */
const imageLine = (tag: string, image = "ghcr.io/acme/shop") =>
  `    image: ${image}:${tag} # {"$imagepolicy": "payments:shop"}\n`;
const release = (...lines: readonly string[]) => `spec:\n  values:\n${lines.join("")}`;

/** The script of a tenant's repository with the scaffold helm, with a job's token, Git and an emulated GitHub. */
describe("The pull request for image updates", () => {
  let folder: string;
  let github: GitHubEmulator;
  let emulator: Emulator;
  let clone: GitClone;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-image-updates-"));
    github = await startGitHub({ dir: join(folder, "github"), owner: "acme", token: ownerToken });
    emulator = new Emulator({ GITHUB_BASE_URL: github.url, GITHUB_OWNER: "acme", GITHUB_TOKEN: ownerToken });
    await emulator.api("POST", "orgs/:owner/repos", { name: "team-images", visibility: "private", auto_init: true });
    const [workflow] = scaffoldWorkflows();
    const permissions = workflow?.workflow.jobs["pull-request"]?.permissions as Readonly<Record<string, "read">>;
    // The emulator lets an App read contents anyway, and push nothing.
    const rights = Object.entries(permissions)
      .filter(([name]) => name !== "contents")
      .map(([name, level]) => [name.replaceAll("-", "_"), level] as const);
    await emulator.makeAccessToken({
      token: jobToken,
      app: "github-actions",
      permissions: Object.fromEntries(rights),
      repositories: ["team-images"],
    });
    const url = Object.assign(new URL(`${repository}.git`, github.url), { username: "x", password: ownerToken });
    clone = await GitClone.clone({
      repository: url.href,
      variables: {},
      directory: await mkdtemp(join(folder, "clone-")),
    });
    await clone.commitAndPush("The first files", {
      ...tenantScaffold("helm", fleetSpec()),
      [manifest]: release(imageLine("1.4.0")),
    });
  });
  after(async () => {
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Pushes a commit on top of the default branch to the branch of updates, and runs the workflow's command. */
  async function update(files: Readonly<Record<string, string>>, message = "Update images") {
    await clone.git("checkout", "--quiet", "-B", branch, "origin/main");
    await clone.commit(message, files);
    await clone.git("push", "--quiet", "--force", "origin", branch);
    return await runScript();
  }

  async function runScript(token = jobToken) {
    const [workflow] = scaffoldWorkflows();
    const [, step] = workflow?.workflow.jobs["pull-request"]?.steps ?? [];
    const [program = "", ...args] = (step?.run ?? "").split(" ");
    const env = {
      PATH: process.env.PATH,
      GITHUB_API_URL: `${github.url}api/v3`,
      GITHUB_REPOSITORY: repository,
      GITHUB_TOKEN: token,
      BASE: "main",
    };
    return await execa(program, args, { cwd: clone.directory, env, extendEnv: false, reject: false, all: true });
  }

  const pulls = async () => (await emulator.api("GET", `repos/${repository}/pulls?state=all`)).body as readonly Pull[];
  const merge = async (number: number) =>
    emulator.api("PUT", `repos/${repository}/pulls/${number}/merge`, { merge_method: "merge" });
  const report = async (state: "success" | "failure") => {
    const sha = await clone.git("rev-parse", `origin/${branch}`);
    return emulator.api("POST", `repos/${repository}/statuses/${sha}`, { state, context: "manifests" });
  };

  it("is none while the branch changes nothing", async () => {
    await clone.git("checkout", "--quiet", "-B", branch, "origin/main");
    const { all, exitCode } = await runScript();
    assert.deepEqual([exitCode, all], [0, "image-updates changes nothing."]);
    assert.deepEqual(await pulls(), []);
  });

  it("fails with GitHub's answer, and without the token, where the organisation does not allow it", async () => {
    await emulator.fault({ match: { method: "POST", path: "*/pulls" }, status: 403 });
    const { all, exitCode } = await update({ [manifest]: release(imageLine("1.4.1")) });
    assert.notEqual(exitCode, 0);
    assert.match(all ?? "", /403/);
    assert.doesNotMatch(all ?? "", new RegExp(jobToken));
    assert.deepEqual(await pulls(), []);
  });

  it("lists each image, old and new, and the changed files", async () => {
    const { all, exitCode } = await update({ [manifest]: release(imageLine("1.4.1")) });
    assert.equal(exitCode, 0, all);
    const [pull, ...others] = await pulls();
    assert.deepEqual([pull?.title, pull?.state, others], ["Update images", "open", []]);
    assert.equal(
      pull?.body,
      [
        "The cluster found new versions of images, and pushed them to the branch image-updates.",
        "",
        "    - payments:shop ghcr.io/acme/shop:1.4.0",
        "    + payments:shop ghcr.io/acme/shop:1.4.1",
        "",
        "Changed files:",
        "",
        `    M\t${manifest}`,
      ].join("\n"),
    );
  });

  it("stays one, whose text follows the branch", async () => {
    const { all, exitCode } = await update({ [manifest]: release(imageLine("1.5.0")) });
    assert.equal(exitCode, 0, all);
    const [pull, ...others] = await pulls();
    assert.deepEqual(others, []);
    assert.match(pull?.body ?? "", /\+ payments:shop ghcr\.io\/acme\/shop:1\.5\.0/);
    assert.doesNotMatch(pull?.body ?? "", /1\.4\.1/);
  });

  it("runs nothing that a manifest, a file's name or a commit says, and shows it as text", async () => {
    const hostile = [
      "$(touch ran)",
      "`touch ran`",
      "; touch ran",
      "$IFS",
      "</code><script>",
      "[x](https://evil.example)",
    ];
    const lines = hostile.map((text) => `    image: ${text} # {"$imagepolicy": "payments:shop"}\n`);
    const names = Object.fromEntries(
      ["$(touch ran)", "```", "a`touch ran`b", "--output=ran", "x\n\n# A heading"].map((name) => [
        `deploy/${name}`,
        "a\n",
      ]),
    );
    const { all, exitCode } = await update(
      { [manifest]: release(imageLine("1.5.0"), ...lines), ...names },
      "$(touch ran)\n\nghcr.io/acme/shop:1 -> ghcr.io/evil/shop:1",
    );
    assert.equal(exitCode, 0, all);
    await assert.rejects(clone.git("ls-files", "--error-unmatch", "ran"));
    assert.doesNotMatch(await clone.git("status", "--porcelain"), /ran/);
    const [pull] = await pulls();
    const body = pull?.body ?? "";
    assert.doesNotMatch(body, /evil|script/, "neither the commit's message nor what is no image");
    for (const line of body.split("\n").filter((text) => /touch|```|heading/.test(text))) assert.match(line, /^ {4}/);
    assert.match(body, /\*\*Read the whole change: 11 of its lines name no image that the cluster updates\.\*\*$/);
  });

  it("has a token that cannot merge it", async () => {
    const [pull] = await pulls();
    const url = `${github.url}api/v3/repos/${repository}/pulls/${pull?.number}/merge`;
    const headers = { authorization: `Bearer ${jobToken}`, "content-type": "application/json" };
    const { status } = await fetch(url, { method: "PUT", headers, body: "{}" });
    assert.equal(status, 403);
  });

  it("is not merged while the required check is missing or red, and is once it is green", async () => {
    await update({ [manifest]: release(imageLine("1.5.0")) });
    const required_status_checks = [{ context: "manifests" }];
    const parameters = { required_status_checks, strict_required_status_checks_policy: false };
    const { status } = await emulator.api("POST", `repos/${repository}/rulesets`, {
      name: "fleet-review",
      target: "branch",
      enforcement: "active",
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: [{ type: "required_status_checks", parameters }],
    });
    assert.equal(status, 201);
    const [pull] = await pulls();
    const number = pull?.number ?? 0;
    assert.equal((await merge(number)).status, 405);
    await report("failure");
    const refused = await merge(number);
    assert.equal(refused.status, 405);
    assert.match(JSON.stringify(refused.body), /manifests/);
    await report("success");
    assert.equal((await merge(number)).status, 200);
    await clone.git("fetch", "--quiet", "origin");
    assert.match(await clone.git("show", `origin/main:${manifest}`), /ghcr\.io\/acme\/shop:1\.5\.0/);
  });

  it("is a new one for the first update after the merge", async () => {
    await update({ [manifest]: release(imageLine("1.5.1")) });
    const found = await pulls();
    assert.deepEqual(
      found.map(({ state }) => state),
      ["open", "closed"],
    );
  });
});
