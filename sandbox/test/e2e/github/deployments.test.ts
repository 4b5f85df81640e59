import assert from "node:assert/strict";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt } from "../../support/github.js";

const deployments = `/repos/${owner}/code/deployments`;

describe("GitHub emulator: deployments", () => {
  let test: TestGitHub;
  let sha: string;
  before(async () => {
    test = await testGitHub();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "code", visibility: "private", auto_init: true });
    sha = textAt((await test.expect(200, "GET", `/repos/${owner}/code/commits/main`)).body, "sha");
    await test.expect(201, "POST", "/admin/users", { login: "reader" });
    for (const [token, about] of Object.entries({
      workflow: { app: "github-actions", permissions: { deployments: "write" } },
      looks: { app: "github-actions", permissions: { deployments: "read" } },
      reader: { login: "reader", permissions: { deployments: "write" } },
    })) {
      assert.equal((await test.admin("POST", "/tokens", { token, repositories: ["code"], ...about })).status, 204);
    }
  });
  after(() => test.stop());

  const deploy = async (status: number, body: object, token?: string) =>
    (await test.expect(status, "POST", deployments, body, token ? { authorization: `Bearer ${token}` } : {})).body;
  const say = (status: number, id: unknown, body: object, token?: string) =>
    test.expect(
      status,
      "POST",
      `${deployments}/${String(id)}/statuses`,
      body,
      token ? { authorization: `Bearer ${token}` } : {},
    );
  const states = async (id: unknown) =>
    pluck((await test.expect(200, "GET", `${deployments}/${String(id)}/statuses`)).body, "state");

  it("are of commits that exist, by accounts that may", async () => {
    await deploy(422, {});
    await deploy(422, { ref: "main", environment: 5 });
    assert.equal(at(await deploy(422, { ref: "nowhere" }), "message"), "No ref found for: nowhere");
    for (const token of ["looks", "reader"]) await deploy(403, { ref: "main" }, token);
    await test.expect(404, "GET", `${deployments}/1`);
    await say(404, 1, { state: "success" });
  });

  it("are kept over a restart with their statuses, the newest first", async () => {
    const body = { ref: "main", environment: "staging", payload: { run: 1 }, description: "Deploy" };
    const made = await deploy(201, body, "workflow");
    const id = at(made, "id");
    assert.deepEqual([at(made, "sha"), at(made, "creator.login")], [sha, "github-actions[bot]"]);
    assert.equal(at(made, "production_environment"), false);
    await say(201, id, { state: "in_progress" }, "workflow");
    const log = "https://ci.example.com/1";
    const { body: status } = await say(201, id, { state: "success", log_url: log, description: "done" }, "workflow");
    assert.deepEqual([at(status, "log_url"), at(status, "environment")], [log, "staging"]);
    await say(403, id, { state: "success" }, "looks");
    for (const wrong of [{}, { state: "fine" }, { state: "error", description: "x".repeat(141) }]) {
      await say(422, id, wrong);
    }
    await test.restart();
    assert.deepEqual(await states(id), ["success", "in_progress"]);
    const { body: shown } = await test.expect(200, "GET", `${deployments}/${String(id)}`);
    assert.deepEqual(at(shown, "payload"), { run: 1 });
  });

  it("replace an earlier one of their environment, except in production", async () => {
    for (const [environment, expected] of [
      ["preview", ["inactive", "success"]],
      ["production", ["success"]],
    ] as const) {
      const ids: unknown[] = [];
      for (let run = 0; run < 3; run += 1) {
        const id = at(await deploy(201, { ref: "main", environment, required_contexts: [] }), "id");
        await say(201, id, { state: "success" });
        ids.push(id);
      }
      assert.deepEqual(await states(ids[0]), expected);
      assert.deepEqual(await states(ids[2]), ["success"]);
      const listed = await test.expect(200, "GET", `${deployments}?environment=${environment}`);
      assert.deepEqual(pluck(listed.body, "id"), ids.toReversed());
      const first = await test.expect(200, "GET", `${deployments}?environment=${environment}&per_page=1&sha=${sha}`);
      assert.equal(pluck(first.body, "id").length, 1);
    }
  });

  it("wait for the statuses of their commit", async () => {
    const status = (state: string) =>
      test.expect(201, "POST", `/repos/${owner}/code/statuses/${sha}`, { state, context: "ci" });
    await status("pending");
    const refused = await deploy(409, { ref: "main" });
    assert.equal(at(refused, "message"), "Conflict: Commit status checks failed for main.");
    await deploy(201, { ref: "main", required_contexts: [] });
    await deploy(409, { ref: "main", required_contexts: ["other"] });
    await status("success");
    await deploy(201, { ref: "main" });
    await deploy(201, { ref: sha, required_contexts: ["ci"] });
  });
});
