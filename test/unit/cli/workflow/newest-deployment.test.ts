import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { requireNewest } from "../../../../cli/workflow/newest-deployment.js";
import { FakeRepository } from "../../../support/unit/fake-repository.js";

describe("fleet workflow newest", () => {
  let root: string;
  /** Commits: an older one, a newer one, and one that a branch has on top. */
  let [older, newer, ahead] = ["", "", ""];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "fleet-newest-"));
    const who = ["-c", "user.name=Dev Eloper", "-c", "user.email=dev@example.com"];
    const git = async (...args: string[]) => (await execa("git", [...who, ...args], { cwd: root })).stdout;
    const commit = async (message: string) => {
      await git("commit", "--quiet", "--allow-empty", "--message", message);
      return await git("rev-parse", "HEAD");
    };
    await git("init", "--quiet", "--initial-branch", "main");
    [older, newer, ahead] = [await commit("older"), await commit("newer"), await commit("ahead")];
    await git("checkout", "--quiet", "--detach", older);
  });
  after(() => rm(root, { recursive: true, force: true }));

  const judge = (deployed: FakeRepository["deployed"], branch?: string) =>
    requireNewest({ api: Object.assign(new FakeRepository(), { deployed }), root, stack: "prod-eu", branch });

  it("finds a newer commit behind any number of deployments that others made", async () => {
    const flood = Array.from({ length: 500 }, () => ({ sha: older, state: "success" }));
    const waiting = Array.from({ length: 500 }, () => ({ sha: newer, state: "queued" }));
    await assert.rejects(
      judge([...flood, ...waiting, { sha: newer, state: "success" }], "main"),
      new RegExp(`has run ${newer.slice(0, 7)}, which is newer than ${older.slice(0, 7)}`),
    );
  });

  it("counts no deployment of another branch, with which a person could hold all updates back", async () => {
    const foreign = [{ sha: ahead, state: "in_progress", ref: "change" }];
    assert.match(await judge(foreign, "main"), /^No newer commit than/);
    await assert.rejects(judge(foreign), /which is newer/);
    await assert.rejects(judge([{ sha: ahead, state: "success", ref: "refs/heads/main" }], "main"), /which is newer/);
  });
});
