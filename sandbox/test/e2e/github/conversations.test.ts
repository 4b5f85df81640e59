import assert from "node:assert/strict";
import { type GitClient, gitHubAndClient } from "../../support/git-client.js";
import { at, owner, pluck, type TestGitHub, textAt } from "../../support/github.js";

const repository = `/repos/${owner}/code`;
const writes = { issues: "write", pull_requests: "write" };
/** Tokens by what they are. Each of a person is a fine-grained one of an account that reads, unless it says otherwise. */
const tokens = {
  reader: { login: "reader", permissions: writes },
  another: { login: "another", permissions: writes },
  pushes: { login: "writer", permissions: writes },
  classic: { login: "reader", repositories: undefined },
  looks: { login: "writer", permissions: { issues: "read", pull_requests: "read" } },
  nothing: { login: "writer", permissions: {} },
  onlyPulls: { login: "writer", permissions: { pull_requests: "write" } },
  workflow: { app: "github-actions", permissions: { pull_requests: "write" } },
  forkWorkflow: { app: "github-actions", permissions: { pull_requests: "read" } },
} as const;
const by = (name: keyof typeof tokens) => ({ authorization: `Bearer ${name}` });

describe("GitHub emulator: issues, pull requests and their comments", () => {
  let test: TestGitHub;
  let client: GitClient;
  before(async () => {
    ({ test, client } = await gitHubAndClient());
    for (const name of ["code", "closed-tracker"]) {
      await test.expect(201, "POST", `/orgs/${owner}/repos`, { name, visibility: "private", auto_init: true });
    }
    for (const login of ["reader", "another", "writer"]) await test.expect(201, "POST", "/admin/users", { login });
    await test.expect(201, "POST", `/orgs/${owner}/teams`, { name: "writers" });
    await test.expect(200, "PUT", `/orgs/${owner}/teams/writers/memberships/writer`, { role: "member" });
    await test.expect(204, "PUT", `/orgs/${owner}/teams/writers/repos/${owner}/code`, { permission: "push" });
    for (const [token, about] of Object.entries(tokens)) {
      const { status } = await test.admin("POST", "/tokens", { token, repositories: ["code"], ...about });
      assert.equal(status, 204);
    }
    const clone = await client.clone(client.http("code"));
    await client.commit(clone, "change", "change\n");
    await client.must(["push", client.http("code"), "HEAD:change"], { cwd: clone });
    await test.expect(201, "POST", `${repository}/issues`, { title: "First" });
    await test.expect(201, "POST", `${repository}/pulls`, { title: "Second", head: "change", base: "main" });
  });
  after(() => client.remove().then(() => test.stop()));

  const comment = async (status: number, number: number, body: unknown, options = {}) =>
    (await test.expect(status, "POST", `${repository}/issues/${number}/comments`, { body }, options)).body;
  const comments = async (number: number, query = "") =>
    (await test.expect(200, "GET", `${repository}/issues/${number}/comments${query}`)).body;

  it("share their numbers, and a pull request is an issue too", async () => {
    const { body } = await test.expect(200, "GET", `${repository}/issues?state=all`);
    assert.deepEqual(pluck(body, "number"), [2, 1]);
    assert.match(textAt(body, "0.pull_request.url"), /\/pulls\/2$/);
    assert.equal(at(body, "1.pull_request"), undefined);
    for (const number of [1, 2]) await test.expect(200, "GET", `${repository}/issues/${number}`);
    for (const path of ["issues/3", "issues/0", "issues/x", "pulls/1", "issues/3/comments", "issues/comments/1"]) {
      await test.expect(404, "GET", `${repository}/${path}`);
    }
    await comment(404, 3, "nowhere");
  });

  it("lists comments oldest first and page by page, and keeps them over a restart", async () => {
    for (const text of ["one", "two", "three"]) await comment(201, 1, text);
    await test.restart();
    assert.deepEqual(pluck(await comments(1), "body"), ["one", "two", "three"]);
    assert.deepEqual(pluck(await comments(1, "?per_page=2&page=2"), "body"), ["three"]);
    assert.deepEqual(await comments(2), []);
    assert.equal(at((await test.expect(200, "GET", `${repository}/issues/1`)).body, "comments"), 3);
  });

  it("refuses a comment without a text, and one that is too long", async () => {
    for (const body of [undefined, 5, "", " \n"]) await comment(422, 1, body);
    const tooLong = await comment(422, 1, "x".repeat(65_537));
    assert.match(textAt(tooLong, "errors.0.message"), /body is too long \(maximum is 65536 characters\)/);
    await comment(201, 1, "x".repeat(65_536));
  });

  it("lets readers comment, and only authors and people who may push edit and delete", async () => {
    const made = await comment(201, 1, "mine", by("reader"));
    assert.equal(at(made, "user.login"), "reader");
    const path = `${repository}/issues/comments/${textAt(made, "id")}`;
    const edit = (status: number, body: string, token: keyof typeof tokens) =>
      test.expect(status, "PATCH", path, { body }, by(token));
    const refused = await edit(403, "not mine", "another");
    assert.equal(at(refused.body, "message"), "Must have admin rights to Repository.");
    await test.expect(403, "DELETE", path, undefined, by("another"));
    await edit(200, "still mine", "classic");
    const edited = await edit(200, "moderated", "pushes");
    assert.deepEqual([at(edited.body, "body"), at(edited.body, "user.login")], ["moderated", "reader"]);
    await test.expect(204, "DELETE", path, undefined, by("reader"));
    await test.expect(404, "GET", path);
    await test.expect(404, "DELETE", path);
  });

  it("refuses tokens without the right, and names it", async () => {
    for (const [name, number] of [
      ["nothing", 1],
      ["looks", 2],
      ["onlyPulls", 1],
      ["forkWorkflow", 2],
    ] as const) {
      const answer = await test.expect(403, "POST", `${repository}/issues/${number}/comments`, { body: "x" }, by(name));
      const kind = name === "forkWorkflow" ? "integration" : "personal access token";
      assert.equal(at(answer.body, "message"), `Resource not accessible by ${kind}`);
      const accepted = number === 1 ? "issues=write" : "issues=write; pull_requests=write";
      assert.equal(answer.headers.get("x-accepted-github-permissions"), accepted);
    }
    await test.expect(403, "GET", `${repository}/pulls/2`, undefined, by("nothing"));
    await test.expect(200, "GET", `${repository}/pulls/2`, undefined, by("looks"));
    await test.expect(404, "GET", `${repository}/pulls/2`, undefined, { authorization: null });
    await comment(201, 2, "allowed", by("onlyPulls"));
  });

  it("lets the token of a workflow write as its App, whose name only GraphQL tells", async () => {
    const made = await comment(201, 2, "from a workflow", by("workflow"));
    assert.deepEqual([at(made, "user.login"), at(made, "user.type")], ["github-actions[bot]", "Bot"]);
    const refused = await test.expect(403, "GET", "/user", undefined, by("workflow"));
    assert.equal(at(refused.body, "message"), "Resource not accessible by integration");
    const ask = async (query: string, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await fetch(`${test.github.url}api/graphql`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ query }),
      });
      return [answer.status, await answer.json()];
    };
    const viewer = "query { viewer { login } }";
    const told = { data: { viewer: { login: "github-actions[bot]" } } };
    assert.deepEqual(await ask(viewer, "Bearer workflow"), [200, told]);
    assert.equal((await ask(viewer))[0], 401);
    assert.equal((await ask("query { viewer { email } }", "Bearer workflow"))[0], 501);
  });

  it("closes a locked conversation to those who may not push, Apps among them", async () => {
    const lock = `${repository}/issues/2/lock`;
    await test.expect(403, "PUT", lock, { lock_reason: "resolved" }, by("reader"));
    await test.expect(204, "PUT", lock, { lock_reason: "resolved" });
    for (const name of ["reader", "workflow"] as const) {
      const refused = await comment(403, 2, "too late", by(name));
      assert.equal(at(refused, "message"), "Unable to create comment because issue is locked.");
    }
    await comment(201, 2, "for collaborators", by("pushes"));
    const { body } = await test.expect(200, "GET", `${repository}/pulls/2`);
    assert.deepEqual([at(body, "locked"), at(body, "active_lock_reason")], [true, "resolved"]);
    await test.expect(204, "DELETE", lock, undefined, by("pushes"));
    await comment(201, 2, "open again", by("reader"));
  });

  it("opens, edits and closes issues, for their authors and people who may push", async () => {
    const made = await test.expect(201, "POST", `${repository}/issues`, { title: "Drift", body: "a" }, by("reader"));
    const path = `${repository}/issues/${textAt(made.body, "number")}`;
    await test.expect(403, "PATCH", path, { body: "b" }, by("another"));
    await test.expect(200, "PATCH", path, { body: "b", labels: ["drift"] }, by("reader"));
    await test.expect(422, "PATCH", path, { state: "gone" });
    await test.expect(422, "POST", `${repository}/issues`, { body: "without a title" });
    await test.expect(422, "POST", `${repository}/issues`, { title: "Long", body: "x".repeat(65_537) });
    const closing = { state: "closed", state_reason: "not_planned" };
    const { body: closed } = await test.expect(200, "PATCH", path, closing, by("pushes"));
    assert.deepEqual(
      ["state", "state_reason", "closed_by.login", "body"].map((field) => at(closed, field)),
      ["closed", "not_planned", "writer", "b"],
    );
    const numbers = async (query: string) =>
      pluck((await test.expect(200, "GET", `${repository}/issues${query}`)).body, "title");
    assert.deepEqual(await numbers(""), ["Second", "First"]);
    assert.deepEqual(await numbers("?state=closed"), ["Drift"]);
    assert.deepEqual(await numbers("?state=all&creator=READER"), ["Drift"]);
    assert.deepEqual(await numbers("?state=all&labels=drift"), ["Drift"]);
    const { body: open } = await test.expect(200, "PATCH", path, { state: "open" });
    assert.deepEqual([at(open, "state_reason"), at(open, "closed_at")], ["reopened", null]);
  });

  it("has no issues where they are switched off, and none to write in an archived repository", async () => {
    const other = `/repos/${owner}/closed-tracker`;
    await test.expect(200, "PATCH", other, { has_issues: false });
    await test.expect(410, "POST", `${other}/issues`, { title: "No" });
    assert.deepEqual((await test.expect(200, "GET", `${other}/issues`)).body, []);
    await test.expect(200, "PATCH", other, { has_issues: true });
    await test.expect(201, "POST", `${other}/issues`, { title: "Yes" });
    await test.expect(200, "PATCH", other, { archived: true });
    const path = `${other}/issues/1/comments`;
    const { body } = await test.expect(403, "POST", path, { body: "No" });
    assert.match(textAt(body, "message"), /archived/);
    await test.expect(200, "GET", path);
  });

  it("closes and reopens a pull request, and none that is merged", async () => {
    const path = `${repository}/pulls/2`;
    await test.expect(403, "PATCH", path, { state: "closed" }, by("reader"));
    for (const state of ["closed", "open"]) {
      const { body } = await test.expect(200, "PATCH", path, { state }, by("pushes"));
      assert.equal(at(body, "state"), state);
    }
    await test.expect(200, "PUT", `${path}/merge`, {});
    await test.expect(422, "PATCH", path, { state: "open" });
    await comment(201, 2, "after the merge", by("reader"));
  });
});
