import assert from "node:assert/strict";
import { type GitClient, gitHubAndClient } from "../../support/git-client.js";
import { at, owner, pluck, type TestGitHub, textAt } from "../../support/github.js";

const main = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };

describe("GitHub emulator: rulesets", () => {
  let test: TestGitHub;
  let client: GitClient;
  before(async () => {
    ({ test, client } = await gitHubAndClient());
  });
  after(() => client.remove().then(() => test.stop()));
  /** A repository with a ruleset, a clone of it and a key that may write. */
  async function guarded(name: string, rules: object[], more: object = {}) {
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name, auto_init: true, visibility: "private" });
    const key = await client.deployKey(name, false);
    const clone = await client.clone(client.ssh(name), key.file);
    const body = {
      name: "guard",
      target: "branch",
      enforcement: "active",
      conditions: main,
      bypass_actors: [],
      rules,
      ...more,
    };
    const ruleset = await test.expect(201, "POST", `/repos/${owner}/${name}/rulesets`, body);
    const push = (...args: string[]) => client.git(["push", ...args], { cwd: clone, key: key.file });
    const pushHttp = (...args: string[]) => client.git(["push", client.http(name), ...args], { cwd: clone });
    return { clone, push, pushHttp, id: at(ruleset.body, "id") };
  }

  it("refuses a force push over both transports, and lets a plain one pass", async () => {
    const { clone, push, pushHttp } = await guarded("no-force", [{ type: "non_fast_forward" }]);
    await client.commit(clone, "one", "one\n");
    assert.equal((await push()).code, 0);
    await client.must(["commit", "--quiet", "--amend", "--message", "rewritten"], { cwd: clone });
    for (const refused of [await push("--force"), await pushHttp("--force", "HEAD:main")]) {
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /GH013: Repository rule violations found for refs\/heads\/main/);
      assert.match(refused.output, /Cannot force-push to this branch/);
    }
    assert.equal((await push("--force", "origin", "HEAD:refs/heads/elsewhere")).code, 0);
  });

  it("refuses direct pushes where pull requests are required, in the REST API too, and merges a pull request", async () => {
    const rule = {
      type: "pull_request",
      parameters: {
        required_approving_review_count: 0,
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      },
    };
    const { clone, push, pushHttp } = await guarded("by-request", [rule, { type: "deletion" }]);
    await client.commit(clone, "change", "change\n");
    for (const refused of [await push(), await pushHttp("HEAD:main")]) {
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /Changes must be made through a pull request\./);
    }
    const file = { message: "direct", content: btoa("direct\n") };
    const direct = await test.expect(409, "PUT", `/repos/${owner}/by-request/contents/direct`, file);
    assert.match(textAt(direct.body, "message"), /Repository rule violations found/);
    await test.expect(404, "GET", `/repos/${owner}/by-request/contents/direct`);

    assert.equal((await push("origin", "HEAD:refs/heads/change")).code, 0);
    const pull = { title: "Change", head: "change", base: "main" };
    await test.expect(422, "POST", `/repos/${owner}/by-request/pulls`, { ...pull, head: "nothing" });
    const { body } = await test.expect(201, "POST", `/repos/${owner}/by-request/pulls`, pull);
    assert.equal(at(body, "mergeable"), true);
    assert.equal(at(body, "additions"), 1);
    await test.expect(422, "POST", `/repos/${owner}/by-request/pulls`, pull);
    const path = `/repos/${owner}/by-request/pulls/${textAt(body, "number")}`;
    await test.expect(422, "PATCH", path, { title: "" });
    const edited = await test.expect(200, "PATCH", path, { title: "A better title", body: "Why" });
    assert.deepEqual([at(edited.body, "title"), at(edited.body, "body")], ["A better title", "Why"]);
    await test.expect(409, "PUT", `${path}/merge`, { sha: "0".repeat(40) });
    await test.expect(200, "PUT", `${path}/merge`, {});
    await test.expect(405, "PUT", `${path}/merge`, {});
    await test.expect(422, "PATCH", path, { state: "open" });
    await test.expect(200, "GET", `/repos/${owner}/by-request/contents/change`);
    const read = await test.expect(200, "GET", path);
    assert.equal(at(read.body, "merged"), true);
    const open = await test.expect(200, "GET", `/repos/${owner}/by-request/pulls`);
    assert.deepEqual(open.body, []);
    const closed = await test.expect(200, "GET", `/repos/${owner}/by-request/pulls?state=all`);
    assert.deepEqual(pluck(closed.body, "state"), ["closed"]);
  });

  it("cannot be got round by the content of a push", async () => {
    const { clone, push } = await guarded("no-tricks", [{ type: "pull_request" }]);
    await client.must(["config", "core.hooksPath", "/dev/null"], { cwd: clone });
    await client.commit(clone, "pre-receive", "#!/bin/sh\nexit 0\n");
    for (const args of [
      ["--no-verify"],
      ["--atomic", "origin", "HEAD:main", "HEAD:side"],
      ["--force"],
      ["--push-option=skip"],
    ]) {
      assert.notEqual((await push(...args)).code, 0, args.join(" "));
    }
    // A branch that no rule speaks about may move, but not together with one that is refused.
    const side = await test.expect(404, "GET", `/repos/${owner}/no-tricks/branches/side`);
    assert.equal(at(side.body, "message"), "Branch not found");
  });

  it("refuses the deletion of what is protected, as long as the ruleset is active", async () => {
    const conditions = { ref_name: { include: ["~ALL"], exclude: ["refs/heads/free"] } };
    const { push, id } = await guarded("fixed", [{ type: "deletion" }], { conditions });
    assert.equal((await push("origin", "HEAD:refs/heads/release", "HEAD:refs/heads/free")).code, 0);
    assert.match((await push("origin", ":refs/heads/release")).output, /Cannot delete this protected ref/);
    assert.equal((await push("origin", ":refs/heads/free")).code, 0);
    const path = `/repos/${owner}/fixed/rulesets/${String(id)}`;
    await test.expect(200, "PUT", path, { enforcement: "disabled" });
    assert.equal((await push("origin", ":refs/heads/release")).code, 0);
    assert.equal((await push("origin", "HEAD:refs/heads/release")).code, 0);
    await test.expect(200, "PUT", path, { enforcement: "active" });
    assert.notEqual((await push("origin", ":refs/heads/release")).code, 0);
    await test.expect(204, "DELETE", path);
    assert.equal((await push("origin", ":refs/heads/release")).code, 0);
  });

  it("refuses pushes and merges of commits whose required checks have not passed", async () => {
    const parameters = {
      required_status_checks: [{ context: "ci" }],
      do_not_enforce_on_create: true,
      strict_required_status_checks_policy: false,
    };
    const { clone, push } = await guarded("checked", [{ type: "required_status_checks", parameters }]);
    await client.commit(clone, "one", "one\n");
    assert.match((await push()).output, /Required status check "ci" is expected\./);
    assert.equal((await push("origin", "HEAD:refs/heads/change")).code, 0);
    let sha = await client.must(["rev-parse", "HEAD"], { cwd: clone });
    const repository = `/repos/${owner}/checked`;
    const pull = { title: "Change", head: "change", base: "main" };
    await test.expect(201, "POST", `${repository}/pulls`, pull);
    const say = (state: string, context = "ci") =>
      test.expect(201, "POST", `${repository}/statuses/${sha}`, { state, context });
    const merge = async (status: number) =>
      textAt((await test.expect(status, "PUT", `${repository}/pulls/1/merge`, {})).body, "message");
    await say("success", "another");
    for (const [state, word] of [
      ["pending", "pending"],
      ["failure", "failing"],
      ["error", "failing"],
    ] as const) {
      await say(state);
      assert.match((await push()).output, new RegExp(`Required status check "ci" is ${word}\\.`));
      assert.match(await merge(405), new RegExp(`rule violations found\n\nRequired status check "ci" is ${word}\\.`));
    }
    await say("success");
    await merge(200);
    await client.must(["pull", "--quiet", client.http("checked"), "main"], { cwd: clone });
    await client.commit(clone, "two", "two\n");
    assert.equal((await push("origin", "HEAD:refs/heads/second")).code, 0);
    sha = await client.must(["rev-parse", "HEAD"], { cwd: clone });
    assert.notEqual((await push()).code, 0);
    await say("success");
    assert.equal((await push()).code, 0);
  });

  it("expects a check for ever that must come from an App", async () => {
    const parameters = {
      required_status_checks: [{ context: "ci", integration_id: 15368 }],
      strict_required_status_checks_policy: false,
    };
    const { clone, push } = await guarded("of-an-app", [{ type: "required_status_checks", parameters }]);
    await client.commit(clone, "one", "one\n");
    await push("origin", "HEAD:refs/heads/change");
    const sha = await client.must(["rev-parse", "HEAD"], { cwd: clone });
    await test.expect(201, "POST", `/repos/${owner}/of-an-app/statuses/${sha}`, { state: "success", context: "ci" });
    assert.match((await push()).output, /Required status check "ci" is expected\./);
  });

  it("lets only the actors that the ruleset names bypass it", async () => {
    const rules = [{ type: "pull_request" }];
    const owners = [{ actor_id: 1, actor_type: "OrganizationAdmin", bypass_mode: "always" }];
    const forOwners = await guarded("owners", rules, { bypass_actors: owners });
    await client.commit(forOwners.clone, "one", "one\n");
    assert.notEqual((await forOwners.push()).code, 0);
    assert.equal((await forOwners.pushHttp("HEAD:main")).code, 0);
    const keys = [{ actor_id: null, actor_type: "DeployKey", bypass_mode: "always" }];
    const forKeys = await guarded("keys", rules, { bypass_actors: keys });
    await client.commit(forKeys.clone, "one", "one\n");
    assert.notEqual((await forKeys.pushHttp("HEAD:main")).code, 0);
    assert.equal((await forKeys.push()).code, 0);
  });

  it("refuses rules that it would not enforce", async () => {
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "honest", auto_init: true });
    const path = `/repos/${owner}/honest/rulesets`;
    const body = { name: "guard", enforcement: "active", conditions: main };
    for (const type of ["merge_queue", "creation", "required_linear_history", "commit_message_pattern"]) {
      const { body: refused } = await test.expect(422, "POST", path, { ...body, rules: [{ type }] });
      assert.match(textAt(refused, "message"), new RegExp(`does not enforce the rule '${type}'`));
    }
    for (const target of ["push", "tag"]) await test.expect(422, "POST", path, { ...body, target, rules: [] });
    const conditions = { ref_name: { include: ["refs/heads/release/*"], exclude: [] } };
    await test.expect(422, "POST", path, { ...body, conditions, rules: [] });
    await test.expect(422, "POST", path, { ...body, enforcement: "sometimes" });
    await test.expect(201, "POST", path, { ...body, rules: [] });
    await test.expect(422, "POST", path, { ...body, rules: [] });
    const list = await test.expect(200, "GET", path);
    assert.deepEqual(pluck(list.body, "name"), ["guard"]);
  });
});
