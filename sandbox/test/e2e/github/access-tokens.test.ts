import assert from "node:assert/strict";
import { type GitClient, gitHubAndClient } from "../../support/git-client.js";
import { at, owner, pluck, type TestGitHub } from "../../support/github.js";

const reads = "github_pat_reads";
const pushes = "github_pat_pushes";
const classic = "ghp_classic";
const ended = "github_pat_ended";

describe("GitHub emulator: personal access tokens", () => {
  let test: TestGitHub;
  let client: GitClient;
  before(async () => {
    ({ test, client } = await gitHubAndClient());
    for (const name of ["shop", "other"]) {
      const body = { name, auto_init: true, visibility: "private" };
      await test.expect(201, "POST", `/orgs/${owner}/repos`, body);
    }
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "public", auto_init: true, visibility: "public" });
    for (const login of ["reader", "writer"]) await test.expect(201, "POST", "/admin/users", { login });
    await test.expect(201, "POST", `/orgs/${owner}/teams`, { name: "shop" });
    await test.expect(200, "PUT", `/orgs/${owner}/teams/shop/memberships/writer`, { role: "member" });
    await test.expect(204, "PUT", `/orgs/${owner}/teams/shop/repos/${owner}/shop`, { permission: "push" });
    const expiresAt = "2099-01-31T12:00:00Z";
    await made({ token: reads, login: "reader", repositories: ["shop"], write: true, expiresAt });
    await made({ token: pushes, login: "writer", repositories: ["shop"], write: true });
    await made({ token: classic, login: "reader" });
    await made({ token: ended, login: "reader", repositories: ["shop"], expiresAt: "2020-01-01T00:00:00Z" });
  });
  after(() => client.remove().then(() => test.stop()));

  const made = async (token: object) => assert.equal((await test.admin("POST", "/tokens", token)).status, 204);
  const by = (token: string) => ({ authorization: `Bearer ${token}` });

  it("belong to a person, and say when they end and of what kind they are", async () => {
    const fine = await test.expect(200, "GET", "/user", undefined, by(reads));
    assert.equal(at(fine.body, "login"), "reader");
    assert.equal(fine.headers.get("github-authentication-token-expiration"), "2099-01-31 12:00:00 UTC");
    assert.equal(fine.headers.get("x-oauth-scopes"), null);
    const old = await test.expect(200, "GET", "/user", undefined, by(classic));
    assert.equal(old.headers.get("x-oauth-scopes"), "repo");
    assert.equal(old.headers.get("github-authentication-token-expiration"), null);
    await test.expect(401, "GET", "/user", undefined, { authorization: null });
  });

  it("are refused once they have ended", async () => {
    await test.expect(401, "GET", "/user", undefined, by(ended));
    const { output } = await client.git(["ls-remote", client.http("shop", `git:${ended}@`)]);
    assert.match(output, /Authentication failed/);
  });

  it("read the repositories that they are limited to, and public ones, by REST and by Git", async () => {
    const listed = async (token: string) =>
      pluck((await test.expect(200, "GET", `/orgs/${owner}/repos?type=private`, undefined, by(token))).body, "name");
    assert.deepEqual(await listed(reads), ["shop"]);
    assert.deepEqual(await listed(classic), ["other", "shop"]);
    for (const [name, status] of Object.entries({ shop: 200, public: 200, other: 404 })) {
      await test.expect(status, "GET", `/repos/${owner}/${name}`, undefined, by(reads));
      const { code, output } = await client.git(["ls-remote", client.http(name, `git:${reads}@`)]);
      assert.equal(code === 0, status === 200, output);
    }
  });

  it("push only with the right, and as far as the role of their person allows", async () => {
    let file = 0;
    const push = async (token: string) => {
      const clone = await client.clone(client.http("shop", `git:${token}@`));
      file += 1;
      await client.commit(clone, `file-${file}`, "new\n");
      return await client.git(["push"], { cwd: clone });
    };
    assert.match((await push(reads)).output, /Write access to repository not granted|403/);
    const pushed = await push(pushes);
    assert.equal(pushed.code, 0, pushed.output);
    await made({ token: pushes, login: "writer", repositories: ["shop"] });
    assert.notEqual((await push(pushes)).code, 0, "a token without the right pushed");
    await made({ token: pushes, login: "writer", repositories: ["shop"], write: true });
  });

  it("show the role of their person, and administer nothing", async () => {
    const role = async (token: string) => {
      const { body } = await test.expect(200, "GET", `/repos/${owner}/shop`, undefined, by(token));
      return [at(body, "permissions.push"), at(body, "permissions.admin")];
    };
    assert.deepEqual(await role(reads), [false, false]);
    assert.deepEqual(await role(pushes), [true, false]);
    await test.expect(403, "PATCH", `/repos/${owner}/shop`, { description: "mine" }, by(pushes));
    await test.expect(403, "GET", `/repos/${owner}/shop/keys`, undefined, by(pushes));
  });

  it("do not bypass a ruleset that the organisation's owner bypasses", async () => {
    await test.expect(201, "POST", `/repos/${owner}/shop/rulesets`, {
      name: "review",
      target: "branch",
      enforcement: "active",
      bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: [{ type: "deletion" }, { type: "non_fast_forward" }],
    });
    const clone = await client.clone(client.http("shop", `git:${pushes}@`));
    await client.must(["commit", "--amend", "-m", "rewritten"], { cwd: clone });
    const { code, output } = await client.git(["push", "--force"], { cwd: clone });
    assert.notEqual(code, 0);
    assert.match(output, /Cannot force-push to this branch/);
    await client.must(["push", "--force", client.http("shop"), "HEAD:main"], { cwd: clone });
  });

  it("outlive a restart, and are no tokens for the emulator's own endpoints", async () => {
    await test.restart();
    await test.expect(200, "GET", "/user", undefined, by(reads));
    const url = `${test.github.url}_emulator/requests`;
    assert.equal((await fetch(url, { headers: { authorization: `Bearer ${classic}` } })).status, 401);
  });
});
