import assert from "node:assert/strict";
import { join } from "node:path";
import { BareRepository } from "../../../github/git/bare-repository.js";
import { GitClient } from "../../support/git-client.js";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt, token } from "../../support/github.js";

describe("GitHub emulator: files and history", () => {
  let test: TestGitHub;
  before(async () => {
    test = await testGitHub();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "files", auto_init: true });
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "empty" });
  });
  after(() => test.stop());
  const repository = `/repos/${owner}/files`;
  const put = (status: number, path: string, body: object) =>
    test.expect(status, "PUT", `${repository}/contents/${path}`, body);

  it("refuses to replace a file by someone who has not seen it, or has seen another state of it", async () => {
    const { body } = await put(201, "seen", { message: "one", content: btoa("one") });
    const unseen = await put(422, "seen", { message: "two", content: btoa("two") });
    assert.match(textAt(unseen.body, "message"), /"sha" wasn't supplied/);
    const stale = await put(409, "seen", { message: "two", content: btoa("two"), sha: "0".repeat(40) });
    assert.match(textAt(stale.body, "message"), /seen does not match 0{40}/);
    await put(200, "seen", { message: "two", content: btoa("two"), sha: at(body, "content.sha") });
  });

  it("knows no tree of a branch that is not there, nor of an empty repository", async () => {
    await test.expect(404, "GET", `${repository}/git/trees/nowhere`);
    await test.expect(409, "GET", `/repos/${owner}/empty/git/trees/main`);
  });

  it("lists a commit's files and folders, those in folders only when asked for", async () => {
    await put(201, "tree/inner/leaf", { message: "leaf", content: btoa("leaf") });
    const paths = async (query: string) =>
      pluck(at((await test.expect(200, "GET", `${repository}/git/trees/main${query}`)).body, "tree"), "path");
    assert.ok(!(await paths("")).includes("tree/inner/leaf"));
    const all = await paths("?recursive=1");
    for (const path of ["tree", "tree/inner", "tree/inner/leaf"]) assert.ok(all.includes(path), path);
  });

  it("refuses paths that leave the repository or reach Git's own files", async () => {
    for (const path of ["..%2Fx", "a%2F..%2Fb", "a%2F.%2Fb", "a//b", ".git/config", "a/.GIT/config"]) {
      await put(422, path, { message: "evil", content: "" });
    }
  });

  it("refuses a file where a directory is, and below a file", async () => {
    await put(201, "dir/file", { message: "add", content: "" });
    await put(422, "dir", { message: "replace", content: "" });
    await put(422, "dir/file/below", { message: "below", content: "" });
    await put(422, "README.md/x", { message: "below", content: "" });
  });

  it("refuses a workflow by a classic token without the scope, as if there were no such path", async () => {
    const scopes = async (list?: string[]) =>
      assert.equal((await test.admin("PUT", "/scopes", { scopes: list })).status, 204);
    const workflow = { message: "check", content: btoa("on: push") };
    await scopes(["repo", "admin:org"]);
    const { body } = await put(404, ".github/workflows/check.yml", workflow);
    assert.equal(textAt(body, "message"), "Not Found");
    const { headers } = await put(201, ".github/CODEOWNERS", { message: "own", content: "" });
    assert.equal(headers.get("x-oauth-scopes"), "repo, admin:org");
    await scopes(["repo", "workflow"]);
    await put(201, ".github/workflows/check.yml", workflow);
    await scopes();
    await put(201, ".github/workflows/other.yml", workflow);
  });

  it("names what is missing or wrong in a body", async () => {
    await put(422, "bad", { content: "" });
    await put(422, "bad", { message: "no content" });
    await put(422, "bad", { message: "not Base64", content: "***" });
    await put(422, "bad", { message: "nobody", content: "", author: { name: "Ada" } });
    await put(404, "bad", { message: "no branch", content: "", branch: "nowhere" });
    await test.expect(404, "DELETE", `${repository}/contents/nothing`, { message: "gone", sha: "0".repeat(40) });
  });

  it("makes a commit for each of many writers at once", async () => {
    const before = await test.expect(200, "GET", `${repository}/commits?per_page=100`);
    const names = ["a", "b", "c", "d", "e"];
    await Promise.all(names.map((name) => put(201, `raced/${name}`, { message: name, content: btoa(name) })));
    const { body } = await test.expect(200, "GET", `${repository}/contents/raced`);
    assert.deepEqual(pluck(body, "name"), names);
    const after = await test.expect(200, "GET", `${repository}/commits?per_page=100`);
    assert.equal(pluck(after.body, "sha").length, pluck(before.body, "sha").length + names.length);
  });

  it("gives back what was written, byte by byte, with the address that clients parse", async () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
    const written = await put(201, "odd%20name/%C3%A4%20%231.bin", {
      message: "bytes",
      content: bytes.toString("base64"),
    });
    const { body } = await test.expect(200, "GET", `${repository}/contents/odd%20name/%C3%A4%20%231.bin?ref=main`);
    assert.ok(bytes.equals(Buffer.from(textAt(body, "content"), "base64")));
    assert.equal(at(body, "path"), "odd name/ä #1.bin");
    assert.equal(new URL(textAt(body, "url")).searchParams.get("ref"), "main");
    assert.equal(at(body, "sha"), at(written.body, "content.sha"));
  });

  it("records who wrote and what changed", async () => {
    const author = { name: "Grace", email: "grace@example.com", date: "2024-05-06T07:08:09+02:00" };
    const { body } = await put(201, "signed", { message: "By Grace", content: btoa("one\ntwo\n"), author });
    const sha = textAt(body, "commit.sha");
    const commit = await test.expect(200, "GET", `${repository}/commits/${sha}`);
    assert.equal(at(commit.body, "commit.author.name"), "Grace");
    assert.equal(at(commit.body, "commit.author.date"), "2024-05-06T05:08:09Z");
    assert.equal(at(commit.body, "commit.message"), "By Grace");
    assert.deepEqual(pluck(at(commit.body, "files"), "filename"), ["signed"]);
    assert.deepEqual(pluck(at(commit.body, "files"), "status"), ["added"]);
    assert.equal(at(commit.body, "stats.additions"), 2);
    await test.expect(422, "GET", `${repository}/commits/${"1".repeat(40)}`);
    const removed = await test.expect(200, "DELETE", `${repository}/contents/signed`, {
      message: "gone",
      sha: at(body, "content.sha"),
    });
    assert.equal(at(removed.body, "content"), null);
    await test.expect(404, "GET", `${repository}/contents/signed`);
    await test.expect(200, "GET", `${repository}/contents/signed?ref=${sha}`);
    const history = await test.expect(200, "GET", `${repository}/commits?path=signed`);
    assert.equal(pluck(history.body, "sha").length, 2);
    const ahead = await test.expect(200, "GET", `${repository}/compare/${sha}...main?per_page=1&page=2`);
    assert.deepEqual([at(ahead.body, "status"), at(ahead.body, "ahead_by")], ["ahead", 1]);
    const behind = await test.expect(200, "GET", `${repository}/compare/main...${sha}`);
    assert.deepEqual([at(behind.body, "status"), at(behind.body, "behind_by")], ["behind", 1]);
    await test.expect(404, "GET", `${repository}/compare/${"1".repeat(40)}...main`);
  });

  it("begins the history of an empty repository", async () => {
    await test.expect(404, "GET", `/repos/${owner}/empty/contents/first`);
    await test.expect(409, "GET", `/repos/${owner}/empty/commits`);
    await test.expect(201, "PUT", `/repos/${owner}/empty/contents/first`, { message: "first", content: "" });
    const { body } = await test.expect(200, "GET", `/repos/${owner}/empty/contents/first`);
    assert.equal(at(body, "size"), 0);
    assert.equal(at(body, "content"), "");
  });

  it("tells the heads of many branches by one query of GraphQL", async () => {
    const field = (index: number) =>
      `b${index}: repository(owner: $o${index}, name: $n${index}) { ref(qualifiedName: $r${index}) { target { oid } } }`;
    const heads = async (...branches: readonly (readonly [string, string])[]) => {
      const declared = branches.map((_, index) => `$o${index}: String!, $n${index}: String!, $r${index}: String!`);
      const values = branches.flatMap(([name, ref], index) => {
        return Object.entries({ o: owner, n: name, r: ref }).map(([key, value]) => [`${key}${index}`, value]);
      });
      const answer = await fetch(`${test.github.url}api/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({
          query: `query(${declared.join(", ")}) { ${branches.map((_, index) => field(index)).join(" ")} }`,
          variables: Object.fromEntries(values),
        }),
      });
      assert.equal(answer.status, 200);
      return await answer.json();
    };
    const { body } = await test.expect(200, "GET", `${repository}/commits/main`);
    const main = { ref: { target: { oid: at(body, "sha") } } };
    const missing = "Could not resolve to a Repository with the name 'acme/nothing'.";
    const found = {
      data: { b0: main, b1: { ref: null }, b2: null },
      errors: [{ type: "NOT_FOUND", path: ["b2"], message: missing }],
    };
    const asked = [
      ["files", "refs/heads/main"],
      ["files", "refs/heads/../heads/main"],
      ["nothing", "refs/heads/main"],
    ] as const;
    assert.deepEqual(await heads(...asked), found);
    // Git keeps no file for a packed branch.
    await new BareRepository(join(test.dir, "repositories", owner, "files.git")).git(["pack-refs", "--all"]);
    assert.deepEqual(await heads(...asked), found);
    assert.deepEqual(await heads(["files", "refs/heads/nothing"]), { data: { b0: { ref: null } } });
  });

  it("commits to the branch that a request names, and reads from it", async () => {
    const client = await GitClient.create(test);
    try {
      const clone = await client.clone(client.http("files"));
      await client.must(["push", "--quiet", client.http("files"), "HEAD:refs/heads/feature/new"], { cwd: clone });
    } finally {
      await client.remove();
    }
    await put(201, "on-branch", { message: "there", content: "", branch: "feature/new" });
    await test.expect(404, "GET", `${repository}/contents/on-branch`);
    await test.expect(200, "GET", `${repository}/contents/on-branch?ref=feature/new`);
    for (const name of ["feature/new", "feature%2Fnew"]) {
      const branch = await test.expect(200, "GET", `${repository}/branches/${name}`);
      assert.equal(at(branch.body, "name"), "feature/new");
    }
    await test.expect(422, "PATCH", repository, { default_branch: "nowhere" });
    await test.expect(200, "PATCH", repository, { default_branch: "feature/new" });
    await test.expect(200, "GET", `${repository}/contents/on-branch`);
    await test.expect(200, "PATCH", repository, { default_branch: "main" });
  });
});
