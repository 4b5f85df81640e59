import assert from "node:assert/strict";
import { planReplay } from "../../bench/replay-plan.js";
import type { RecordedResource } from "../../bench/state.js";

function resource(type: string, inputs: Record<string, unknown>): RecordedResource {
  return { urn: "u", type: `github:index/${type}`, custom: true, inputs };
}

const call = (method: string, url: string, status = 200) => ({ method, url: `/api/v3/${url}`, status });
const template = resource("repository:Repository", { name: "tenant-template", isTemplate: true, autoInit: true });
const search = resource("repository:Repository", {
  name: "search",
  description: "Search",
  topics: ["managed-by-fleet"],
  template: { repository: "tenant-template" },
});
const key = resource("repositoryDeployKey:RepositoryDeployKey", {
  repository: "search",
  title: "fleet-staging",
  key: "ssh-ed25519 AAAA",
  readOnly: true,
});
const ruleset = resource("repositoryRuleset:RepositoryRuleset", {
  repository: "search",
  name: "fleet",
  target: "branch",
  enforcement: "active",
  conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
  rules: { __defaults: [], updateAllowsFetchAndMerge: false, deletion: true, nonFastForward: true },
});
const file = resource("repositoryFile:RepositoryFile", {
  repository: "tenant-template",
  file: "deploy/base/a b.yaml",
  content: "x: 1\n",
  commitMessage: "Add it",
  branch: "main",
});

describe("GitHub calls made again", () => {
  it("are not guessed when the log has more or fewer creations than the state has repositories", () => {
    assert.throws(
      () => planReplay([call("POST", "orgs/acme/repos")], [template, search], "up"),
      /asked 1 times.*has 2/,
    );
  });

  it("are not sent empty when their content is unknown", () => {
    assert.throws(
      () => planReplay([call("PUT", "repos/acme/search/hooks")], [], "up"),
      /PUT .*search\/hooks.*replay-plan/,
    );
    assert.throws(() => planReplay([call("POST", "repos/acme/search/keys")], [search], "up"), /no deploy key.*search/);
    assert.throws(() => planReplay([call("PUT", "repos/acme/search/contents/a")], [search], "up"), /no file a/);
  });

  it("are not guessed of rulesets either", () => {
    const request = call("POST", "repos/acme/search/rulesets", 201);
    assert.throws(
      () => planReplay([request], [search], "up"),
      /1 rulesets of the repository search, and the state has 0/,
    );
    assert.throws(() => planReplay([request], [search, ruleset, ruleset], "up"), /the state has 2/);
    const strange = { ...ruleset, inputs: { ...ruleset.inputs, rules: { creation: true } } };
    assert.throws(() => planReplay([request], [search, strange], "up"), /does not know the rule creation/);
  });

  it("create rulesets in the form of GitHub's API", () => {
    const [group] = planReplay([call("POST", "repos/acme/search/rulesets", 201)], [search, ruleset], "up");
    assert.deepEqual(group?.calls.at(-1)?.body, {
      name: "fleet",
      target: "branch",
      enforcement: "active",
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      bypass_actors: [],
      rules: [{ type: "deletion" }, { type: "non_fast_forward" }],
    });
  });

  it("create each of a repository's rulesets once, with the parameters of its rules", () => {
    const review = resource("repositoryRuleset:RepositoryRuleset", {
      ...ruleset.inputs,
      name: "fleet-review",
      bypassActors: [{ __defaults: [], actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }],
      rules: { __defaults: [], pullRequest: { __defaults: [], requiredApprovingReviewCount: 1 } },
    });
    const request = call("POST", "repos/acme/search/rulesets", 201);
    const [group] = planReplay([request, request], [search, ruleset, review], "up");
    const [first, second] = (group?.calls ?? []).map(({ body }) => body as Record<string, unknown>);
    assert.equal(first?.["name"], "fleet");
    assert.deepEqual(second, {
      name: "fleet-review",
      target: "branch",
      enforcement: "active",
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
      rules: [{ type: "pull_request", parameters: { required_approving_review_count: 1 } }],
    });
  });

  it("begin with each repository's creation, under its own name", () => {
    const requests = [
      call("POST", "orgs/acme/repos", 201),
      call("POST", "repos/acme/tenant-template/generate", 201),
      call("PUT", "repos/acme/search/topics"),
      call("POST", "repos/acme/search/keys", 201),
    ];
    const groups = planReplay(requests, [template, search, key], "up");
    assert.deepEqual(
      groups.map(({ repository, generated, calls }) => [repository, generated, calls.map(({ body }) => body)]),
      [
        [
          "tenant-template",
          false,
          [{ name: "tenant-template", description: "", private: true, auto_init: true, is_template: true }],
        ],
        [
          "search",
          true,
          [
            { name: "search", description: "Search", private: true },
            { names: ["managed-by-fleet"] },
            { title: "fleet-staging", key: "ssh-ed25519 AAAA", read_only: true },
          ],
        ],
      ],
    );
  });

  it("write a file's content with any path, encoded as needed", () => {
    const [group] = planReplay(
      [call("PUT", "repos/acme/tenant-template/contents/deploy/base/a%20b.yaml")],
      [file],
      "up",
    );
    assert.deepEqual(group?.calls[0]?.body, {
      message: "Add it",
      branch: "main",
      content: Buffer.from("x: 1\n").toString("base64"),
    });
  });

  it("archive a repository only when the stack is destroyed", () => {
    const requests = [call("PATCH", "repos/acme/search")];
    assert.deepEqual(planReplay(requests, [search], "destroy")[0]?.calls[0]?.body, { archived: true });
    assert.deepEqual(planReplay(requests, [search], "up")[0]?.calls[0]?.body, { description: "Search" });
  });

  it("include requests about no repository, and reads without a body", () => {
    const requests = [
      call("GET", "meta"),
      call("GET", "repos/acme/search"),
      call("DELETE", "repos/acme/search/keys/7", 204),
    ];
    const calls = planReplay(requests, [search], "destroy").flatMap((group) => group.calls);
    assert.deepEqual(calls, requests);
  });
});
