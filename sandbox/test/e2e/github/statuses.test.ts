import assert from "node:assert/strict";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt } from "../../support/github.js";

describe("GitHub emulator: commit statuses", () => {
  let test: TestGitHub;
  let sha: string;
  before(async () => {
    test = await testGitHub();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "code", visibility: "private", auto_init: true });
    sha = textAt((await test.expect(200, "GET", `/repos/${owner}/code/commits/main`)).body, "sha");
  });
  after(() => test.stop());
  const say = (status: number, body: object, commit = sha) =>
    test.expect(status, "POST", `/repos/${owner}/code/statuses/${commit}`, body);
  const said = async (ref: string) =>
    (await test.expect(200, "GET", `/repos/${owner}/code/commits/${ref}/statuses`)).body;

  it("are listed newest first, by commit and by branch, and survive a restart", async () => {
    assert.deepEqual(await said(sha), []);
    await say(201, { state: "pending" });
    const { body } = await say(201, { state: "success", context: "flux", description: "applied" });
    assert.equal(at(body, "state"), "success");
    await test.restart();
    for (const ref of [sha, "main", sha.slice(0, 10)]) {
      const statuses = await said(ref);
      assert.deepEqual(pluck(statuses, "context"), ["flux", "default"]);
      assert.deepEqual(pluck(statuses, "description"), ["applied", null]);
    }
    const second = await test.expect(200, "GET", `/repos/${owner}/code/commits/main/statuses?per_page=1&page=2`);
    assert.deepEqual(pluck(second.body, "context"), ["default"]);
  });

  it("make up the state of the whole commit, of each context the newest", async () => {
    const combined = async () => (await test.expect(200, "GET", `/repos/${owner}/code/commits/main/status`)).body;
    const { body: other } = await test.expect(200, "GET", `/repos/${owner}/code/commits/main`);
    assert.equal(at(other, "sha"), sha);
    assert.deepEqual([at(await combined(), "state"), at(await combined(), "total_count")], ["pending", 2]);
    await say(201, { state: "error" });
    assert.equal(at(await combined(), "state"), "failure");
    await say(201, { state: "success" });
    assert.equal(at(await combined(), "state"), "success");
    assert.deepEqual(pluck(at(await combined(), "statuses"), "context").sort(), ["default", "flux"]);
    await test.expect(422, "GET", `/repos/${owner}/code/commits/nowhere/status`);
  });

  it("are set by a token with the right, of a person who may push or of an App", async () => {
    await test.expect(201, "POST", "/admin/users", { login: "reader" });
    for (const [token, about] of Object.entries({
      reader: { login: "reader", permissions: { statuses: "write" } },
      looks: { app: "ci", permissions: { statuses: "read" } },
      sets: { app: "ci", permissions: { statuses: "write" } },
    })) {
      assert.equal((await test.admin("POST", "/tokens", { token, repositories: ["code"], ...about })).status, 204);
    }
    const by = async (token: string, status: number) => {
      const authorization = `Bearer ${token}`;
      const body = { state: "success", context: "app" };
      return (await test.expect(status, "POST", `/repos/${owner}/code/statuses/${sha}`, body, { authorization })).body;
    };
    for (const token of ["reader", "looks"]) await by(token, 403);
    assert.equal(at(await by("sets", 201), "creator.login"), "ci[bot]");
  });

  it("are of commits that exist, named in full", async () => {
    for (const commit of ["0".repeat(40), sha.slice(0, 10), "main"]) {
      const { body } = await say(422, { state: "success" }, commit);
      assert.equal(at(body, "message"), `No commit found for SHA: ${commit}`);
    }
    await test.expect(422, "GET", `/repos/${owner}/code/commits/${"0".repeat(40)}/statuses`);
  });

  it("say one of four things, and not at length", async () => {
    for (const body of [
      {},
      { state: "fine" },
      { state: "success", description: "x".repeat(141) },
      { state: "success", target_url: "x" },
    ]) {
      await say(422, body);
    }
  });

  it("cannot be set without the token, or on an archived repository", async () => {
    const anonymous = { authorization: null };
    await test.expect(404, "POST", `/repos/${owner}/code/statuses/${sha}`, { state: "success" }, anonymous);
    await test.expect(404, "GET", `/repos/${owner}/code/commits/main/statuses`, undefined, anonymous);
    await test.expect(200, "PATCH", `/repos/${owner}/code`, { archived: true });
    await say(403, { state: "success" });
    assert.ok(pluck(await said("main"), "id").length > 2);
  });
});
