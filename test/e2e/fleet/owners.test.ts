import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { fixtureRepositories } from "../../support/e2e/engine.js";
import type { GitClone } from "../../support/e2e/git-clone.js";
import { repositoryNamed } from "../../support/e2e/github-view.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";

const tenant = "team-shop";
const owned = { maintainers: ["bob"], members: ["ann"] };

const teamView = z.object({
  id: z.number(),
  slug: z.string(),
  description: z.string().nullable(),
  privacy: z.string(),
});
const grants = z.array(z.object({ slug: z.string(), permission: z.string() }));
const rulesetView = z.object({ id: z.number(), name: z.string(), enforcement: z.string() });

/** A tenant with a team: what GitHub lets its people do. */
describe("A tenant's owners and its repository", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let cwd: string;
  let clone: GitClone;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    cwd = await copyProgram(await sandbox.scratch("program"));
    await editYaml(join(cwd, `Pulumi.${environment.stack}.yaml`), (document) => {
      document.setIn(["config", "fleet:unreadableStacks"], { "prod-eu": "The test updates no other stack" });
    });
    // A tenant of an earlier file leaves with it, and its repository with the next update.
    await environment.engine.up({ cwd });
    await writeFile(join(cwd, "stacks", environment.stack, "tenants", `${tenant}.yaml`), "{}\n");
    for (const login of ["ann", "bob"]) await expect(201, "POST", "admin/users", { login });
  });

  /** Writes the tenant's base file. @param said in place of, or beside, what the first test says */
  async function write(said: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const file = { name: tenant, team: { name: "shop", ...owned }, ...said };
    await writeFile(join(cwd, "stacks", "base", "tenants", `${tenant}.yaml`), stringify(file));
  }
  async function up(said?: Readonly<Record<string, unknown>>): Promise<void> {
    await write(said);
    await environment.engine.up({ cwd });
  }
  const noChanges = () => environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  /** Nothing changes, and to know that, nothing of the tenant's is asked for. */
  async function asksNothing(): Promise<void> {
    await github.resetRequests();
    await noChanges();
    const { requests } = await github.requests();
    assert.deepEqual(
      requests.map(({ url }) => url).filter((url) => url.includes(tenant) || url.includes("/team/")),
      [],
    );
  }

  async function expect(status: number, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await github.api(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const teams = async () => z.array(teamView).parse(await expect(200, "GET", "orgs/:owner/teams"));
  const rulesets = async () => z.array(rulesetView).parse(await expect(200, "GET", `repos/:owner/${tenant}/rulesets`));
  const roleOf = async (login: string) =>
    z.object({ role: z.string() }).parse(await expect(200, "GET", `orgs/:owner/teams/shop/memberships/${login}`)).role;
  const file = async (path: string) => {
    const { content } = z
      .object({ content: z.string() })
      .parse(await expect(200, "GET", `repos/:owner/${tenant}/contents/${path}`));
    return Buffer.from(content, "base64").toString();
  };
  /** Rewrites the last commit of the default branch. */
  async function forcePush(): Promise<void> {
    await clone.git("fetch", "--quiet", "origin");
    await clone.git("reset", "--quiet", "--hard", "origin/main");
    await clone.git("commit", "--quiet", "--amend", "--message", "History as I would like it to have been");
    await clone.push("--force");
  }

  it("are refused by name while another owner has a team of that name, and nothing is touched", async () => {
    await expect(201, "POST", "orgs/:owner/teams", { name: "shop", description: "Not yours" });
    await write();
    await github.resetRequests();
    const { exitCode, all } = await environment.engine.run(["preview"], { cwd });
    assert.notEqual(exitCode, 0, all);
    const words =
      "stacks/base/tenants/team-shop.yaml:3: team.name: the team acme/shop exists, but fleet does not manage it";
    assert.ok(all.includes(words), all);
    assert.equal((await github.requests()).writes, 0);
    await expect(204, "DELETE", "orgs/:owner/teams/shop");
  });

  it("become a team that can push to the repository, with these members and no others", async () => {
    await up({ repository: { topics: ["web-shop"] } });
    const [team, ...others] = await teams();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [team?.slug, team?.privacy, team?.description],
      ["shop", "closed", "Pushes to the repositories of team-shop (managed by fleet)"],
    );
    assert.deepEqual([await roleOf("ann"), await roleOf("bob")], ["member", "maintainer"]);
    const members = z
      .array(z.object({ login: z.string() }))
      .parse(await expect(200, "GET", "orgs/:owner/teams/shop/members"));
    assert.deepEqual(members.map(({ login }) => login).sort(), ["ann", "bob"]);
    assert.deepEqual(
      grants
        .parse(await expect(200, "GET", `repos/:owner/${tenant}/teams`))
        .map(({ slug, permission }) => [slug, permission]),
      [["shop", "push"]],
    );
    assert.deepEqual((await repositoryNamed(github, tenant)).topics, ["managed-by-fleet", "web-shop"]);
  });

  it("cause no request about a tenant to GitHub when nothing changes", async () => {
    await asksNothing();
  });

  it("let the team push, and no one rewrite or delete the branch that clusters follow", async () => {
    clone = await sandbox.clone(tenant);
    await clone.commitAndPush("Something new", { "deploy/base/note.txt": "new\n" });
    await assert.rejects(
      forcePush(),
      /GH013: Repository rule violations found for refs\/heads\/main[\s\S]*Cannot force-push to this branch/,
    );
    await assert.rejects(
      clone.git("push", "origin", "--delete", "main"),
      /GH013[\s\S]*Cannot delete this protected ref/,
    );
    // Another branch is the team's own.
    await clone.git("push", "--quiet", "origin", "HEAD:refs/heads/draft");
    await clone.git("push", "--quiet", "origin", "--delete", "draft");
  });

  it("are taken over after the stack's state was lost, with no duplicate", async () => {
    const before = { teams: await teams(), rulesets: await rulesets() };
    await environment.engine.succeed(["stack", "rm", "--force", "--yes"]);
    await environment.engine.succeed(["stack", "init"]);
    await write({ repository: { topics: ["web-shop"] } });
    const words = await environment.engine.upFails({ cwd });
    assert.match(
      words,
      /the team acme\/shop exists and is not in the stack's state.* \(its members: bob \(maintainer\), ann \(member\)\)/,
    );
    const adopt = { repositories: [...fixtureRepositories, tenant], teams: ["shop"] };
    await environment.engine.up({ cwd, adopt });
    assert.deepEqual(await teams(), before.teams);
    assert.deepEqual(await rulesets(), before.rulesets);
    await assert.rejects(forcePush(), /Cannot force-push to this branch/);
    await asksNothing();
  });

  describe("with one member fewer, and required pull requests", () => {
    const repository = { protection: { pullRequest: true, reviews: 2 } };
    before(() => up({ team: { name: "shop", members: ["ann"] }, repository }));

    it("lose the member that the file no longer names", async () => {
      await expect(404, "GET", "orgs/:owner/teams/shop/memberships/bob");
      assert.equal(await roleOf("ann"), "member");
    });

    it("let no one push without a review", async () => {
      assert.deepEqual((await rulesets()).map(({ name }) => name).sort(), ["fleet", "fleet-review"]);
      await clone.git("reset", "--quiet", "--hard", "origin/main");
      await assert.rejects(
        clone.commitAndPush("Past everybody", { "deploy/base/note.txt": "newer\n" }),
        /GH013[\s\S]*Changes must be made through a pull request/,
      );
    });
  });

  describe("with owners of files", () => {
    it("get a CODEOWNERS file, by a commit that bypasses the review", async () => {
      const protection = { pullRequest: true, codeOwners: true };
      const codeowners = [{ pattern: "*", owners: ["@acme/shop"] }];
      await up({ repository: { protection, codeowners } });
      assert.match(await file(".github/CODEOWNERS"), /^# Written by the platform[^\n]*\n\* @acme\/shop\n$/);
      await up({ repository: { protection, codeowners: [...codeowners, { pattern: "/deploy/", owners: ["@ann"] }] } });
      assert.match(await file(".github/CODEOWNERS"), /\n\* @acme\/shop\n\/deploy\/ @ann\n$/);
      await assert.rejects(forcePush(), /Cannot force-push to this branch/, "no one may rewrite history all the same");
      await noChanges();
    });
  });

  describe("with the protection off", () => {
    it("allow the same force push", async () => {
      await up({ repository: { protection: { enabled: false } } });
      assert.deepEqual(await rulesets(), []);
      await forcePush();
      const subject = await clone.git("log", "-1", "--format=%s", "origin/main");
      assert.equal(subject, "History as I would like it to have been");
    });
  });

  // Mocha runs nested suites after the tests beside them, so the last one is a suite too.
  describe("when the tenant is removed", () => {
    it("take the right from the team, and keep the team", async () => {
      await rm(join(cwd, "stacks", environment.stack, "tenants", `${tenant}.yaml`));
      const { all } = await environment.engine.up({ cwd });
      assert.match(
        all,
        /This update takes ann, bob \(maintainer\) from the team acme\/shop of the tenant team-shop: .* The team itself stays/,
      );
      assert.deepEqual(
        (await teams()).map(({ slug }) => slug),
        ["shop"],
      );
      await expect(404, "GET", "orgs/:owner/teams/shop/memberships/ann");
      assert.deepEqual(await expect(200, "GET", "orgs/:owner/teams/shop/repos"), []);
      await environment.engine.up({ cwd });
      assert.equal((await repositoryNamed(github, tenant)).archived, true);
    });
  });
});
