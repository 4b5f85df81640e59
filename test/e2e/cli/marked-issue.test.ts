import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHubEmulator, startGitHub } from "@fleet/sandbox/github";
import { closeIssue, keepIssue, type MarkedIssue } from "../../../cli/github/marked-issue.js";
import { gitHubClient } from "../../../lib/github/client.js";
import { Emulator } from "../../support/e2e/emulator.js";

const owner = "acme";
const token = "a-token-for-tests";
const drift: MarkedIssue = {
  repository: { owner, repo: "fleet" },
  marker: "drift/staging",
  title: "Drift of staging",
};

describe("an issue with a marker", () => {
  let folder: string;
  let github: GitHubEmulator;
  let emulator: Emulator;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-issue-test-"));
    github = await startGitHub({ dir: folder, owner, token });
    emulator = new Emulator({ GITHUB_BASE_URL: github.url, GITHUB_OWNER: owner, GITHUB_TOKEN: token });
    await emulated("POST", "orgs/:owner/repos", { name: "fleet", visibility: "private", auto_init: true });
    for (const [name, permission] of [
      ["workflow", "write"],
      ["reads", "read"],
    ] as const) {
      const permissions = { issues: permission };
      await emulator.makeAccessToken({ token: name, app: "github-actions", repositories: ["fleet"], permissions });
    }
  });
  after(async () => {
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function emulated(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await emulator.api(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The issues as GitHub has them: `1 open Drift of staging`. */
  async function issues(): Promise<string[]> {
    const all = (await emulated("GET", "repos/:owner/fleet/issues?state=all")) as readonly {
      readonly number: number;
      readonly state: string;
      readonly title: string;
    }[];
    return all.map(({ number, state, title }) => `${number} ${state} ${title}`).sort();
  }

  const client = (GITHUB_TOKEN = "workflow") => gitHubClient({ GITHUB_TOKEN, GITHUB_BASE_URL: github.url });

  it("is not opened by a token without the right, which the error names", async () => {
    await assert.rejects(
      keepIssue(client("reads"), drift, "news"),
      /GITHUB_TOKEN: GitHub did not open the issue "Drift of staging" of acme\/fleet: .+"Issues: write"/,
    );
    assert.deepEqual(await issues(), []);
  });

  it("is opened once, also by two runs at once, edited when it differs, and closed", async () => {
    assert.deepEqual(await closeIssue(client(), drift), []);
    await Promise.all([keepIssue(client(), drift, "news"), keepIssue(client(), drift, "news")]);
    assert.equal((await issues()).filter((line) => / open /.test(line)).length, 1);
    const { outcome, url } = await keepIssue(client(), drift, "other news");
    assert.equal(outcome, "updated");
    assert.equal((await keepIssue(client(), drift, "other news")).outcome, "unchanged");
    await keepIssue(client(), { ...drift, marker: "drift/prod-eu", title: "Drift of prod-eu" }, "news");
    assert.deepEqual(await closeIssue(client(), drift), [url]);
    assert.deepEqual(
      (await issues()).filter((line) => / open /.test(line)).map((line) => line.slice(2)),
      ["open Drift of prod-eu"],
    );
    assert.equal((await keepIssue(client(), drift, "news again")).outcome, "created");
  });

  it("of another account stays as it is", async () => {
    const before = await issues();
    assert.deepEqual(await closeIssue(client(token), drift), []);
    assert.deepEqual(await issues(), before);
  });
});
