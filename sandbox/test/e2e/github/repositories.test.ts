import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt, token } from "../../support/github.js";

describe("GitHub emulator: repositories", () => {
  let test: TestGitHub;
  before(async () => {
    test = await testGitHub();
  });
  after(() => test.stop());
  const create = (name: string, more: object = {}) =>
    test.expect(201, "POST", `/orgs/${owner}/repos`, { name, auto_init: true, ...more });

  it("refuses a token that is not its own, wherever it is used", async () => {
    for (const authorization of [
      "Bearer wrong",
      "token wrong",
      `Basic ${btoa("x-access-token:wrong")}`,
      `Basic ${btoa("wrong")}`,
    ]) {
      const { body } = await test.expect(401, "GET", `/orgs/${owner}`, undefined, { authorization });
      assert.equal(at(body, "message"), "Bad credentials");
    }
  });

  it("accepts its token in every form that clients use", async () => {
    for (const authorization of [`Bearer ${token}`, `token ${token}`, `Basic ${btoa(`x-access-token:${token}`)}`]) {
      await test.expect(200, "GET", `/orgs/${owner}/teams`, undefined, { authorization });
    }
  });

  it("hides private repositories from those without a token", async () => {
    await create("hidden", { visibility: "private" });
    await create("open", { visibility: "public" });
    const anonymous = { authorization: null };
    await test.expect(404, "GET", `/repos/${owner}/hidden`, undefined, anonymous);
    await test.expect(404, "PATCH", `/repos/${owner}/hidden`, {}, anonymous);
    await test.expect(200, "GET", `/repos/${owner}/open`, undefined, anonymous);
    await test.expect(401, "PATCH", `/repos/${owner}/open`, {}, anonymous);
    await test.expect(401, "GET", `/repos/${owner}/open/keys`, undefined, anonymous);
    const { body } = await test.expect(200, "GET", `/orgs/${owner}/repos`, undefined, anonymous);
    assert.deepEqual(pluck(body, "name"), ["open"]);
  });

  it("lets no name lead out of its directory", async () => {
    for (const name of ["..", ".", "../evil", "a/b", "a\\b", "evil.git", "with space", "", "a\0b", "x".repeat(101)]) {
      const { body } = await test.expect(422, "POST", `/orgs/${owner}/repos`, { name });
      assert.equal(at(body, "errors.0.field"), "name");
    }
    for (const path of ["/repos/acme/..%2F..%2Fstate", "/repos/..%2F..%2Facme/open", "/repos/other/open"]) {
      await test.expect(404, "GET", path);
    }
  });

  it("names the field that is missing or wrong", async () => {
    const missing = await test.expect(422, "POST", `/orgs/${owner}/repos`, {});
    assert.deepEqual(at(missing.body, "errors.0.field"), "name");
    assert.deepEqual(at(missing.body, "errors.0.code"), "missing_field");
    const wrong = await test.expect(422, "POST", `/orgs/${owner}/repos`, { name: "x", visibility: "secret" });
    assert.equal(at(wrong.body, "errors.0.field"), "visibility");
  });

  it("gives a name to one of two creators who race for it", async () => {
    const answers = await Promise.all(
      ["raced", "Raced", "RACED"].map((name) => test.api("POST", `/orgs/${owner}/repos`, { name, auto_init: true })),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 422, 422]);
    const refused = answers.find(({ status }) => status === 422);
    assert.equal(at(refused?.body, "errors.0.message"), "name already exists on this account");
  });

  it("refuses every write to an archived repository until it is no longer archived", async () => {
    await create("retired");
    const { body: file } = await test.expect(200, "GET", `/repos/${owner}/retired/contents/README.md`);
    await test.expect(200, "PATCH", `/repos/${owner}/retired`, { archived: true });
    const writes: [string, string, object?][] = [
      ["PATCH", "", { description: "new" }],
      ["PUT", "/topics", { names: ["a"] }],
      ["POST", "/keys", { title: "a", key: "ssh-ed25519 AAAA" }],
      ["PUT", "/contents/new", { message: "new", content: "" }],
      ["DELETE", "/contents/README.md", { message: "gone", sha: at(file, "sha") }],
      ["POST", "/hooks", { config: { url: "http://127.0.0.1:1/" } }],
      ["POST", "/rulesets", { name: "a", enforcement: "active" }],
      ["PUT", "/vulnerability-alerts"],
    ];
    for (const [method, path, body] of writes) {
      const answer = await test.expect(403, method, `/repos/${owner}/retired${path}`, body);
      // The provider recognises this case by the word.
      assert.match(textAt(answer.body, "message"), /archived/);
    }
    await test.expect(200, "PATCH", `/repos/${owner}/retired`, { archived: false, description: "back" });
    await test.expect(200, "PUT", `/repos/${owner}/retired/topics`, { names: ["back"] });
  });

  it("lets a change name the visibility that a repository has already, as the provider does when it archives", async () => {
    await create("steady", { visibility: "private" });
    await test.expect(200, "PATCH", `/repos/${owner}/steady`, { visibility: "private" });
    const open = await test.expect(200, "PATCH", `/repos/${owner}/steady`, { visibility: "public" });
    assert.equal(at(open.body, "private"), false);
  });

  it("takes private for what it says, and does not make an internal repository private by it", async () => {
    await create("inside", { visibility: "internal" });
    const same = await test.expect(200, "PATCH", `/repos/${owner}/inside`, { private: true });
    assert.deepEqual([at(same.body, "visibility"), at(same.body, "private")], ["internal", true]);
    const open = await test.expect(200, "PATCH", `/repos/${owner}/inside`, { private: false });
    assert.equal(at(open.body, "visibility"), "public");
    const hidden = await test.expect(200, "PATCH", `/repos/${owner}/inside`, { private: true });
    assert.equal(at(hidden.body, "visibility"), "private");
  });

  it("keeps every setting that the provider sends", async () => {
    await create("settled");
    const settings = {
      has_issues: false,
      has_wiki: false,
      has_projects: false,
      has_discussions: true,
      allow_merge_commit: true,
      allow_squash_merge: false,
      allow_rebase_merge: false,
      allow_auto_merge: true,
      allow_update_branch: true,
      delete_branch_on_merge: true,
      web_commit_signoff_required: true,
      merge_commit_title: "PR_TITLE",
      merge_commit_message: "PR_BODY",
      description: "Described",
      homepage: "https://example.com",
    };
    const security_and_analysis = { secret_scanning: { status: "enabled" } };
    await test.expect(200, "PATCH", `/repos/${owner}/settled`, { ...settings, security_and_analysis });
    await test.restart();
    const { body } = await test.expect(200, "GET", `/repos/${owner}/settled`);
    for (const [name, value] of Object.entries(settings)) assert.equal(at(body, name), value, name);
    assert.equal(at(body, "security_and_analysis.secret_scanning.status"), "enabled");
    await test.expect(404, "GET", `/repos/${owner}/settled/vulnerability-alerts`);
    await test.expect(204, "PUT", `/repos/${owner}/settled/vulnerability-alerts`);
    await test.expect(204, "GET", `/repos/${owner}/settled/vulnerability-alerts`);
  });

  it("refuses topics that GitHub refuses", async () => {
    await create("topical");
    const { body } = await test.expect(422, "PUT", `/repos/${owner}/topical/topics`, { names: ["fine", "not fine"] });
    assert.match(textAt(body, "errors.0"), /not fine/);
    await test.expect(200, "PUT", `/repos/${owner}/topical/topics`, { names: ["managed-by-fleet", "A"] });
    const read = await test.expect(200, "GET", `/repos/${owner}/topical`);
    assert.deepEqual(at(read.body, "topics"), ["a", "managed-by-fleet"]);
  });

  it("leads from an old name to the new one, and frees it for another repository", async () => {
    await create("before");
    await test.expect(200, "PATCH", `/repos/${owner}/before`, { name: "after" });
    const moved = await test.expect(301, "GET", `/repos/${owner}/before/topics`, undefined, { redirect: "manual" });
    assert.match(String(moved.headers.get("location")), /\/repositories\/\d+\/topics$/);
    const followed = await test.api("GET", `/repos/${owner}/before`);
    assert.equal(at(followed.body, "name"), "after");
    assert.ok(existsSync(join(test.dir, "repositories", owner, "after.git")));
    await create("before");
    const fresh = await test.expect(200, "GET", `/repos/${owner}/before`, undefined, { redirect: "manual" });
    assert.notEqual(at(fresh.body, "id"), at(followed.body, "id"));
    await test.expect(422, "PATCH", `/repos/${owner}/after`, { name: "Before" });
  });

  it("leaves nothing of a deleted repository", async () => {
    await create("doomed");
    await test.expect(204, "DELETE", `/repos/${owner}/doomed`);
    await test.expect(404, "GET", `/repos/${owner}/doomed`);
    assert.ok(!existsSync(join(test.dir, "repositories", owner, "doomed.git")));
    await create("doomed", { auto_init: false });
    await test.expect(404, "GET", `/repos/${owner}/doomed/contents/README.md`);
  });

  it("makes one new commit of a template's tree, and nothing of a repository that is no template", async () => {
    await create("pattern", { visibility: "private" });
    await test.expect(201, "PUT", `/repos/${owner}/pattern/contents/deploy/app.yaml`, {
      message: "add",
      content: btoa("kind: App\n"),
    });
    await test.expect(422, "POST", `/repos/${owner}/pattern/generate`, { name: "copy", owner });
    await test.expect(200, "PATCH", `/repos/${owner}/pattern`, { is_template: true });
    const { body } = await test.expect(201, "POST", `/repos/${owner}/pattern/generate`, {
      name: "copy",
      owner,
      private: true,
    });
    assert.equal(at(body, "visibility"), "private");
    assert.equal(at(body, "template_repository.name"), "pattern");
    const commits = await test.expect(200, "GET", `/repos/${owner}/copy/commits`);
    assert.deepEqual(pluck(commits.body, "commit.message"), ["Initial commit"]);
    assert.deepEqual(pluck(commits.body, "parents"), [[]]);
    const file = await test.expect(200, "GET", `/repos/${owner}/copy/contents/deploy/app.yaml`);
    assert.equal(atob(textAt(file.body, "content").replaceAll("\n", "")), "kind: App\n");
    await test.expect(422, "POST", `/repos/${owner}/pattern/generate`, { name: "copy", owner });
    const everything = { name: "everything", owner, include_all_branches: true };
    await test.expect(422, "POST", `/repos/${owner}/pattern/generate`, everything);
  });

  it("lists page by page, with links to the others", async () => {
    const names: string[] = [];
    let path: string | undefined = `/orgs/${owner}/repos?per_page=3`;
    while (path !== undefined) {
      const answer = await test.expect(200, "GET", path);
      assert.ok(pluck(answer.body, "id").length <= 3);
      names.push(...pluck(answer.body, "name").map(String));
      const next = /<[^>]*\/api\/v3([^>]*)>; rel="next"/.exec(answer.headers.get("link") ?? "");
      path = next?.[1];
    }
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length > 6);
  });

  it("answers 304 only as long as nothing has changed", async () => {
    await create("tagged");
    const first = await test.expect(200, "GET", `/repos/${owner}/tagged`);
    const headers = { "if-none-match": String(first.headers.get("etag")) };
    const same = await test.expect(304, "GET", `/repos/${owner}/tagged`, undefined, { headers });
    assert.equal(same.body, undefined);
    await test.expect(200, "PATCH", `/repos/${owner}/tagged`, { description: "changed" });
    await test.expect(200, "GET", `/repos/${owner}/tagged`, undefined, { headers });
  });

  it("says which endpoint it does not have, instead of pretending that a thing is missing", async () => {
    const { body } = await test.expect(501, "GET", `/repos/${owner}/open/actions/secrets`);
    assert.match(textAt(body, "message"), /no GET \/api\/v3\/repos\/acme\/open\/actions\/secrets/);
  });

  it("gives out addresses that lead to itself", async () => {
    const { body } = await test.expect(200, "GET", `/repos/${owner}/open`);
    const { port, sshPort } = test.github;
    assert.equal(at(body, "clone_url"), `http://127.0.0.1:${port}/acme/open.git`);
    assert.equal(at(body, "ssh_url"), `ssh://git@127.0.0.1:${sshPort}/acme/open.git`);
    assert.equal(at(body, "default_branch"), "main");
    const byId = await test.api("GET", `/repositories/${textAt(body, "id")}`).catch(() => undefined);
    assert.equal(byId, undefined, "GitHub does not document this address");
  });
});
