import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHubEmulator, startGitHub } from "@fleet/sandbox/github";
import { Command } from "commander";
import { execa } from "execa";
import { addWorkflowCommands } from "../../../cli/commands/workflow.js";
import { explain } from "../../../cli/explain.js";
import { Emulator } from "../../support/e2e/emulator.js";

const repository = "acme/fleet";
const document = { base: "origin/main", head: "HEAD", stacks: ["staging"], notes: [], cuts: [] };
const entry = {
  section: "privileges",
  effect: "gained",
  sentence: "team-search may now push to team-search-apps, says @acme/all",
  targets: [{ stack: "staging", tenant: "team-search" }],
  details: [],
  fields: [],
};

interface Text {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

interface Issue extends Text {
  readonly number: number;
  readonly state: string;
  readonly title: string;
}

/** The steps that write texts, with the token of a job, which has the rights of its workflow and no others. */
describe("steps of the workflows that write comments and issues", () => {
  let folder: string;
  let file: string;
  let github: GitHubEmulator;
  let emulator: Emulator;
  let head: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-workflow-"));
    file = join(folder, "review.json");
    await mkdir(join(folder, "root"));
    await writeFile(join(folder, "root/Pulumi.staging.yaml"), "config: {}\n");
    github = await startGitHub({ dir: join(folder, "github"), owner: "acme", token: "owner-of-acme" });
    emulator = new Emulator({ GITHUB_BASE_URL: github.url, GITHUB_OWNER: "acme", GITHUB_TOKEN: "owner-of-acme" });
    await emulator.api("POST", "orgs/:owner/repos", { name: "fleet", visibility: "private", auto_init: true });
    await pushChange();
    await emulator.api("POST", `repos/${repository}/pulls`, { title: "A change", head: "change", base: "main" });
    await emulator.makeAccessToken({
      ...{ token: "comments", app: "github-actions", repositories: ["fleet"] },
      permissions: { pull_requests: "write" },
    });
    await emulator.makeAccessToken({
      ...{ token: "issues", app: "github-actions", repositories: ["fleet"] },
      permissions: { issues: "write" },
    });
  });
  after(async () => {
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Pushes a commit to the branch of a pull request. */
  async function pushChange(): Promise<void> {
    const clone = join(folder, "clone");
    const url = new URL(`${repository}.git`, github.url);
    const remote = Object.assign(url, { username: "x", password: "owner-of-acme" }).href;
    const who = ["-c", "user.name=Dev Eloper", "-c", "user.email=dev@example.com"];
    if (!existsSync(clone)) await execa("git", ["clone", "--quiet", remote, clone]);
    await execa("git", [...who, "commit", "--quiet", "--allow-empty", "--message", "change"], { cwd: clone });
    await execa("git", ["push", "--quiet", remote, "HEAD:refs/heads/change"], { cwd: clone });
    head = (await execa("git", ["rev-parse", "HEAD"], { cwd: clone })).stdout;
  }

  /** The event of the end of a pull request's run. */
  async function endRun(sha: string, change: object = {}): Promise<void> {
    const owner = { login: "acme" };
    const run = { event: "pull_request", head_sha: sha, head_branch: "change", html_url: "https://github.com/run" };
    const workflow_run = { ...run, head_repository: { full_name: repository, owner }, ...change };
    const event = { repository: { full_name: repository, default_branch: "main" }, workflow_run };
    await writeFile(join(folder, "event.json"), JSON.stringify(event));
  }

  async function run(token: string, ...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
    const lines: string[] = [];
    const print = (text: string) => void lines.push(text);
    const environment = {
      GITHUB_SERVER_URL: github.url,
      GITHUB_TOKEN: token,
      GITHUB_REPOSITORY: repository,
      GITHUB_EVENT_PATH: join(folder, "event.json"),
    };
    const program = new Command("fleet").exitOverride();
    addWorkflowCommands(program, { out: print, err: print }, join(folder, "root"), environment);
    try {
      await program.parseAsync(["workflow", ...args], { from: "user" });
      return { code: 0, out: lines.join("") };
    } catch (error) {
      return { code: 1, out: explain(error) };
    }
  }

  const write = (entries: readonly object[]) => writeFile(file, JSON.stringify({ ...document, entries }));
  const list = async <Item>(path: string) => (await emulator.api("GET", `repos/${repository}/${path}`)).body as Item[];

  const issues = async () => (await list<Issue>("issues?state=all")).filter(({ number }) => number !== 1);

  it("write one comment on the pull request of the event, and edit it", async () => {
    await write([entry]);
    await endRun(head);
    assert.match((await run("comments", "comment", file)).out, /^Comment created: \S+\/pull\/1#issuecomment-\d+\n$/);
    assert.match((await run("comments", "comment", file)).out, /^Comment unchanged: /);
    const before = head;
    await pushChange();
    await endRun(head);
    assert.match((await run("comments", "comment", file)).out, /^Comment updated: /);
    // The run of the commit before ends late.
    await write([]);
    await endRun(before);
    assert.match(
      (await run("comments", "comment", file)).out,
      /^Nothing to do: no open pull request has [0-9a-f]{7} as/,
    );
    const [comment, ...others] = await list<Text>("issues/1/comments");
    assert.deepEqual([comment?.user.login, others.length], ["github-actions[bot]", 0]);
    assert.match(
      comment?.body ?? "",
      /\*\*Gained:\*\* team-search may now push to team-search-apps, says `@acme\/all`, on `staging`/,
    );
    assert.match(comment?.body ?? "", new RegExp(`pull request at ${head.slice(0, 7)} in`));
  });

  it("write nothing for another event, and say so", async () => {
    await endRun(head, { event: "push" });
    const { code, out } = await run("comments", "comment", file);
    assert.equal(code, 1);
    assert.match(out, /^The event is not the end of a pull request's run\./);
  });

  it("open one issue about drift, edit it, and close it when the drift is gone", async () => {
    await write([entry]);
    assert.match((await run("issues", "drift", "staging", file)).out, /\/issues\/2 \(created\)\.\n$/);
    assert.match((await run("issues", "drift", "staging", file)).out, /\/issues\/2 \(unchanged\)\.\n$/);
    await write([entry, { ...entry, sentence: "protection removed from apps" }]);
    assert.match((await run("issues", "drift", "staging", file)).out, /\/issues\/2 \(updated\)\.\n$/);
    const [issue, ...others] = await issues();
    assert.deepEqual(
      [issue?.title, issue?.state, issue?.user.login, others.length],
      ["The stack staging has drifted", "open", "github-actions[bot]", 0],
    );
    assert.match(issue?.body ?? "", /protection removed from apps/);
    await write([]);
    assert.match(
      (await run("issues", "drift", "staging", file)).out,
      /^The drift of staging is gone: closed \S+\/issues\/2\.\n$/,
    );
    assert.deepEqual(
      (await issues()).map(({ state }) => state),
      ["closed"],
    );
    assert.equal((await run("issues", "drift", "staging", file)).out, "The stack staging has no drift.\n");
  });

  it("need the rights of their workflow", async () => {
    await write([entry]);
    const { code, out } = await run("comments", "drift", "staging", file);
    assert.equal(code, 1);
    assert.match(out, /GITHUB_TOKEN: GitHub did not .*"Issues: (?:read|write)"/);
  });
});
