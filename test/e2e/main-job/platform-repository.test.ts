import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import type { Emulator } from "../../support/e2e/emulator.js";
import { GitClone } from "../../support/e2e/git-clone.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { sshVariables } from "../../support/e2e/ssh.js";

const platform = "platform";
const template = "tenant-template";
const byPullRequest = /Changes must be made through a pull request/;

/** Flux applies the default branch of the first as cluster-admin, and each new tenant begins with the files of the second. */
describe("main job: pushes to the platform's repository, and to the template of tenants' repositories", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let github: Emulator;
  let heads: readonly string[];
  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    github = await sandbox.github();
    await staging.engine.ensureUp();
    heads = await headsOf();
  });
  after(async () => assert.deepEqual(await headsOf(), heads, "a branch has moved"));

  const headsOf = async () => [
    await headOf(await sandbox.clone(platform)),
    await headOf(await sandbox.clone(template)),
  ];

  /** The id of the default branch at the server. */
  const headOf = async (clone: GitClone) =>
    (await clone.git("ls-remote", "origin", "refs/heads/main")).split("\t")[0] ?? "";

  /** A commit on top, a rewritten one, and the removal of the branch are refused, and a branch for a pull request is not. */
  const onlyByPullRequest = async (clone: GitClone) => {
    await clone.commit("Past every review", {
      "fleet/clusters/staging/past-review.yaml": "# applied as cluster-admin\n",
    });
    await assert.rejects(clone.push(), byPullRequest);
    await clone.git("reset", "--quiet", "--soft", "HEAD~2");
    await clone.commit("Rewritten");
    await assert.rejects(clone.push("--force"), /Cannot force-push to this branch/);
    await assert.rejects(clone.git("push", "--quiet", "origin", ":main"), /Cannot delete this protected ref/);
    await clone.git("push", "--quiet", "origin", "HEAD:refs/heads/proposal");
    await clone.git("push", "--quiet", "origin", ":proposal");
  };

  /** A clone with the token of a new team's only member, who may push there. */
  const cloneOf = async (team: string, name: string) => {
    const token = `github_pat_of_${team}`;
    for (const [status, method, path, body] of [
      [201, "POST", "admin/users", { login: team }],
      [201, "POST", "orgs/:owner/teams", { name: team }],
      [200, "PUT", `orgs/:owner/teams/${team}/memberships/${team}`, { role: "member" }],
      [204, "PUT", `orgs/:owner/teams/${team}/repos/:owner/${name}`, { permission: "push" }],
    ] as const) {
      const answer = await github.api(method, path, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    }
    await github.makeAccessToken({ token, login: team, repositories: [name], write: true });
    const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
    const variables = { ...staging.variables, GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}` };
    return GitClone.clone({ repository: name, variables, directory: await sandbox.scratch(team) });
  };
  const removeTeam = async (team: string) => {
    await github.removeAccessTokens();
    assert.equal((await github.api("DELETE", `orgs/:owner/teams/${team}`)).status, 204);
  };

  for (const name of [platform, template]) {
    it(`are refused with a team's token, even of a person who may push there: ${name}`, async () => {
      const team = `${name}-writers`;
      try {
        await onlyByPullRequest(await cloneOf(team, name));
      } finally {
        await removeTeam(team);
      }
    });
  }

  it("are accepted where the template's rulesets are disabled: nothing else refuses them", async () => {
    const path = `repos/:owner/${template}/rulesets`;
    const rulesets = (await github.api("GET", path)).body as readonly { readonly id: number }[];
    assert.equal(rulesets.length, 2);
    const enforce = async (enforcement: "active" | "disabled") => {
      for (const { id } of rulesets) {
        assert.equal((await github.api("PUT", `${path}/${id}`, { enforcement })).status, 200);
      }
    };
    const team = "template-owners";
    await enforce("disabled");
    try {
      const clone = await cloneOf(team, template);
      await clone.commit("In each new tenant's repository", { ".github/workflows/all.yaml": "on: push\n" });
      await clone.push();
      await clone.git("reset", "--quiet", "--hard", "HEAD~1");
      await clone.push("--force");
    } finally {
      await enforce("active");
      await removeTeam(team);
    }
  });

  it("are refused with a stolen deploy key, even of one that may push", async () => {
    const directory = await sandbox.scratch("stolen");
    const identity = join(directory, "identity");
    const { private: secret, public: key } = generateKeyPair("ed25519");
    await writeFile(identity, secret, { mode: 0o600 });
    const path = `repos/:owner/${platform}/keys`;
    const registered = await github.api("POST", path, { title: "stolen", key, read_only: false });
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    try {
      const ssh = await sshVariables(staging, "payments", { directory, identity });
      const { ssh_url: repository } = (await github.api("GET", `repos/:owner/${platform}`)).body as { ssh_url: string };
      const variables = { ...staging.variables, ...ssh };
      await onlyByPullRequest(
        await GitClone.clone({ repository, variables, directory: await sandbox.scratch("by-ssh") }),
      );
    } finally {
      const { id } = registered.body as { id: number };
      assert.equal((await github.api("DELETE", `${path}/${id}`)).status, 204);
    }
  });
});
