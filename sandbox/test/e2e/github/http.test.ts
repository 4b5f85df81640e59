import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fetch } from "undici";
import { type GitClient, gitHubAndClient } from "../../support/git-client.js";
import { owner, type TestGitHub, token } from "../../support/github.js";

describe("GitHub emulator: Git over HTTP", () => {
  let test: TestGitHub;
  let client: GitClient;
  before(async () => {
    ({ test, client } = await gitHubAndClient());
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "private", auto_init: true, visibility: "private" });
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "public", auto_init: true, visibility: "public" });
  });
  after(() => client.remove().then(() => test.stop()));

  it("asks for a password before it says whether a private repository exists", async () => {
    for (const name of ["private", "nothing"]) {
      const response = await fetch(`${client.http(name, "")}/info/refs?service=git-upload-pack`);
      assert.equal(response.status, 401);
      assert.match(String(response.headers.get("www-authenticate")), /^Basic/);
    }
  });

  it("refuses a wrong token, even for a public repository", async () => {
    const { code, output } = await client.git(["ls-remote", client.http("private", "x-access-token:wrong@")]);
    assert.notEqual(code, 0);
    assert.match(output, /Authentication failed/);
    // Git offers its password only when asked, so the public one is tried by hand.
    const headers = { authorization: `Basic ${btoa("x-access-token:wrong")}` };
    const response = await fetch(`${client.http("public", "")}/info/refs?service=git-upload-pack`, { headers });
    assert.equal(response.status, 401);
  });

  it("lets everyone read a public repository, and no one write it without the token", async () => {
    const clone = await client.clone(client.http("public", ""));
    await client.commit(clone, "new", "new\n");
    const { code, output } = await client.git(["push"], { cwd: clone });
    assert.notEqual(code, 0);
    assert.match(output, /could not read Username|Authentication/);
  });

  it("finds no repository outside its own", async () => {
    for (const path of ["acme/nothing.git", "other/public.git", "acme/..%2f..%2fstate.git", "acme/%2e%2e/state.json"]) {
      const url = `${test.github.url}${path}/info/refs?service=git-upload-pack`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 404, path);
    }
  });

  it("does not speak the protocol that reads files", async () => {
    const response = await fetch(`${client.http("public", "")}/info/refs`);
    assert.equal(response.status, 403);
    for (const file of ["HEAD", "config", "objects/info/packs"]) {
      assert.equal((await fetch(`${client.http("public", "")}/${file}`)).status, 404);
    }
  });

  it("refuses a push to an archived repository", async () => {
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "archived", auto_init: true });
    const clone = await client.clone(client.http("archived"));
    await client.commit(clone, "new", "new\n");
    await test.expect(200, "PATCH", `/repos/${owner}/archived`, { archived: true });
    const { code, output } = await client.git(["push"], { cwd: clone });
    assert.notEqual(code, 0);
    assert.match(output, /archived so it is read-only/);
  });

  it("keeps refs of pull requests for itself", async () => {
    const clone = await client.clone(client.http("private"));
    const { code, output } = await client.git(["push", "origin", "HEAD:refs/pull/1/head"], { cwd: clone });
    assert.notEqual(code, 0);
    assert.match(output, /hidden ref/);
  });

  it("does not delete the default branch", async () => {
    const clone = await client.clone(client.http("private"));
    const { code } = await client.git(["push", "origin", "--delete", "main"], { cwd: clone });
    assert.notEqual(code, 0);
  });

  it("refuses a tree that would write into a work tree's .git", async () => {
    const clone = await client.clone(client.http("private"));
    const blob = await client.must(["hash-object", "-w", "README.md"], { cwd: clone });
    const evil = await client.git(
      ["-c", "core.protectNTFS=false", "update-index", "--add", "--cacheinfo", `100644,${blob},.git/config`],
      { cwd: clone },
    );
    // Git itself refuses to make such an index, so the tree is made by hand.
    assert.notEqual(evil.code, 0);
    const tree = await client.tree(clone, `040000 tree ${await client.must(["write-tree"], { cwd: clone })}\t.git\n`);
    const commit = await client.must(["commit-tree", tree, "-m", "evil"], { cwd: clone });
    const { code, output } = await client.git(["push", "origin", `${commit}:refs/heads/evil`], { cwd: clone });
    assert.notEqual(code, 0);
    assert.match(output, /fsck error|hasDotgit/);
  });

  it("clones and pushes with the token under any user name, in both protocol versions", async () => {
    for (const [index, user] of ["x-access-token", "git", "anybody"].entries()) {
      const clone = await client.clone(client.http("private", `${user}:${token}@`));
      await client.commit(clone, `file-${index}`, "new\n");
      await client.must(["-c", `protocol.version=${index === 0 ? 0 : 2}`, "push", "--quiet"], { cwd: clone });
    }
    await test.expect(200, "GET", `/repos/${owner}/private/contents/file-2`);
  });

  it("moves megabytes both ways without damage", async () => {
    const clone = await client.clone(client.http("private"));
    const bytes = randomBytes(5 * 1024 * 1024);
    await client.commit(clone, "blob", bytes);
    await client.must(["push", "--quiet"], { cwd: clone });
    const [one, two] = await Promise.all([client.clone(client.http("private")), client.clone(client.http("private"))]);
    for (const copy of [one, two]) assert.ok(bytes.equals(await readFile(join(copy, "blob"))));
  });

  it("lets one of two pushers to the same branch win", async () => {
    const clones = await Promise.all([client.clone(client.http("public")), client.clone(client.http("public"))]);
    for (const [index, clone] of clones.entries()) await client.commit(clone, `raced-${index}`, "raced\n");
    const results = await Promise.all(
      clones.map((cwd) => client.git(["push", client.http("public"), "HEAD:main"], { cwd })),
    );
    assert.equal(results.filter(({ code }) => code === 0).length, 1);
  });
});
