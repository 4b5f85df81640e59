import assert from "node:assert/strict";
import { CouldNotLookError } from "../../../../cli/exit-code.js";
import { gitHubReader, knownGitHub, readRepositories } from "../../../../cli/verify/read-github.js";
import type { ExpectedRepository } from "../../../../operate/verify/github-objects.js";
import { httpServer, TestServers } from "../../../support/unit/servers.js";

const TOKEN = "ghp_the_token";
const expected: ExpectedRepository = {
  name: "team-a",
  owner: { file: "stacks/base/tenants/team-a.yaml" },
  isManaged: true,
  keys: [],
  rulesets: [],
  hooks: [],
  branches: new Map([["a/team-a", "main"]]),
};

/** Answers of GitHub by the path of the request. */
const answers: Readonly<Record<string, unknown>> = {
  "/repos/acme/team-a": {
    name: "team-a",
    ssh_url: "git@ghe.example.com:acme/team-a.git",
    html_url: "https://ghe.example.com/acme/team-a",
  },
  "/repos/acme/team-a/keys": [
    { title: "k", key: "ssh-ed25519 AAAA", read_only: true, created_at: "2026-01-01T00:00:00Z" },
  ],
  "/repos/acme/team-a/hooks": [{ active: true, events: ["push"], config: { url: "https://x/", insecure_ssl: "1" } }],
  "/repos/acme/team-a/commits/main": { sha: "1234" },
  "/repos/acme/team-a/rulesets": [{ id: 7 }],
  "/repos/acme/team-a/rulesets/7": {
    name: "fleet",
    enforcement: "active",
    target: "branch",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [{ type: "deletion" }],
    bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
  },
};

describe("reading repositories of GitHub", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());

  const reader = async (status: Readonly<Record<string, number>> = {}) => {
    const server = await servers.started(
      httpServer(({ url = "", method }, response) => {
        const path = new URL(url, "http://x").pathname.replace(/^\/api\/v3/, "");
        assert.equal(method, "GET");
        const code = status[path] ?? (path in answers ? 200 : 404);
        response.writeHead(code, { "content-type": "application/json" });
        response.end(JSON.stringify(code === 200 ? answers[path] : { message: "refused" }));
      }),
    );
    return gitHubReader("acme", { GITHUB_TOKEN: TOKEN, GITHUB_BASE_URL: `http://127.0.0.1:${server.port}/` });
  };

  it("finds keys, webhooks, rulesets and newest commits by five requests, all of which read", async () => {
    const gitHub = await reader();
    const found = (await readRepositories(gitHub, [expected])).get("team-a");
    assert.deepEqual(found?.keys, [
      { title: "k", key: "ssh-ed25519 AAAA", readOnly: true, createdAt: "2026-01-01T00:00:00Z" },
    ]);
    assert.deepEqual(found?.hooks, [{ url: "https://x/", active: true, events: ["push"], verifiesTls: false }]);
    assert.deepEqual(found?.rulesets?.[0]?.rules, { deletion: {} });
    assert.equal(found?.heads.get("main"), "1234");
    assert.equal(gitHub.requests(), 5);
  });

  it("takes a refusal of rulesets for a plan without them, and of webhooks for none where none is expected", async () => {
    const gitHub = await reader({ "/repos/acme/team-a/rulesets": 403, "/repos/acme/team-a/hooks": 404 });
    const found = (await readRepositories(gitHub, [expected])).get("team-a");
    assert.deepEqual([found?.rulesets, found?.hooks], [undefined, undefined]);
  });

  it("could not look when GitHub refuses rulesets that the plan has", async () => {
    const gitHub = await reader({ "/repos/acme/team-a/rulesets": 403 });
    const { owner } = expected;
    const ruleset = {
      name: "x",
      enforcement: "active",
      target: "branch",
      include: [],
      exclude: [],
      rules: {},
      bypass: [],
    };
    const wanted = { ...expected, rulesets: [{ name: "x", ruleset, owner }] };
    await assert.rejects(readRepositories(gitHub, [wanted]), /GitHub did not list the rulesets of acme\/team-a/);
  });

  for (const [status, path, remedy] of [
    [401, "/repos/acme/team-a/keys", /The token is wrong or has expired/],
    [404, "/repos/acme/team-a/keys", /needs the right to administer the repositories/],
  ] as const) {
    it(`could not look when GitHub answers ${status} to ${path}, and does not repeat the token`, async () => {
      const gitHub = await reader({ [path]: status });
      await assert.rejects(readRepositories(gitHub, [expected]), (error: unknown) => {
        assert.ok(error instanceof CouldNotLookError);
        assert.match(error.message, /GITHUB_TOKEN: GitHub did not list the deploy keys of acme\/team-a: /);
        assert.match(error.message, remedy);
        assert.doesNotMatch(error.message, new RegExp(TOKEN));
        return true;
      });
    });
  }

  it("learns the addresses of the organisation from one repository", async () => {
    assert.deepEqual(await knownGitHub(await reader(), "team-a", "ghe.example.com"), {
      owner: "acme",
      host: "ghe.example.com",
      clonePrefix: "git@ghe.example.com:acme/",
      pagePrefix: "https://ghe.example.com/acme/",
    });
  });
});
