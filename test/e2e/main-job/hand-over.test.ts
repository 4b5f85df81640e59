import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { z } from "zod";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { fixtureRepositories } from "../../support/e2e/engine.js";
import { deployKeys, repositories, repositoryNamed } from "../../support/e2e/github-view.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { waitFor } from "../../support/e2e/wait-for.js";

const [one, two] = ["team-one", "team-two"];
const rulesetViews = z.array(z.object({ id: z.number(), name: z.string() }));

/**
 * Things that move in the files: each stays what it is, or the preview refuses by name. The other files of this folder come
 * first (main-job.ts): these tests change the tenants and the stack that creates repositories.
 */
describe("A thing that moves in the files", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let cwd: string;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    cwd = await copyProgram(await sandbox.scratch("hand-over"));
    await write(one, { namespaces: { "one-jobs": {} } });
    await up();
  });

  const tenantFile = (folder: string, tenant: string) => join(cwd, "stacks", folder, "tenants", `${tenant}.yaml`);
  async function write(tenant: string, sections: object, stacks = [environment.stack]): Promise<void> {
    await writeFile(tenantFile("base", tenant), stringify({ name: tenant, description: "Moves", ...sections }));
    for (const stack of stacks) await writeFile(tenantFile(stack, tenant), "{}\n");
  }
  async function remove(tenant: string, stacks = [environment.stack, "base"]): Promise<void> {
    for (const folder of stacks) await rm(tenantFile(folder, tenant));
  }
  const up = () => environment.engine.up({ cwd });
  const noChanges = () => environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  async function refused(): Promise<string> {
    await github.resetRequests();
    const { exitCode, all } = await environment.engine.run(["preview"], { cwd });
    assert.notEqual(exitCode, 0, all);
    assert.equal((await github.requests()).writes, 0);
    return all;
  }
  const core = () => environment.kubernetes.client(CoreV1Api);
  const uidOf = async (name: string) => {
    const { items } = await core().listNamespace({ fieldSelector: `metadata.name=${name}` });
    return items[0]?.metadata?.uid;
  };
  const rulesets = async (name: string) => {
    const { status, body } = await github.api("GET", `repos/:owner/${name}/rulesets`);
    assert.equal(status, 200, JSON.stringify(body));
    return rulesetViews.parse(body);
  };

  it("keeps its resource from a state of version 0.1.0, where the first part had the tenant's name", async () => {
    const state = await environment.engine.exportText();
    const former = primaryParts.reduce((text, [tenant, namespace, repository]) => {
      const part = new RegExp(`::${tenant}\\.(${namespace}\\.tenant-git|${namespace}|${repository})(?=[-".])`, "g");
      return text.replaceAll(part, `::${tenant}`);
    }, state);
    assert.notEqual(former, state);
    const file = await sandbox.scratch("former-state");
    await writeFile(join(file, "state.json"), former);
    await environment.engine.succeed(["stack", "import", "--file", join(file, "state.json")]);
    await environment.engine.unchangedUp({ cwd });
    await noChanges();
  });

  it("keeps both namespaces when a further one becomes the first", async () => {
    const before = [await uidOf(one), await uidOf("one-jobs")];
    const moved = { namespace: { name: "one-jobs" }, namespaces: { [one]: {} } };
    await write(one, moved);
    // The first sync applies to the first namespace.
    const words = await refused();
    assert.match(
      words,
      /namespace\.name: the sync team-one applies to the namespace team-one, and would apply to one-jobs: Flux would delete/,
    );
    const sync = { deletionPolicy: "Orphan" };
    await write(one, { namespaces: { "one-jobs": {} }, sync });
    await up();
    await write(one, { ...moved, sync });
    const { all } = await up();
    assert.match(all, /removes the sync team-one of the tenant team-one from the namespace team-one: what it applied/);
    assert.doesNotMatch(all, /deletes the namespace/);
    assert.deepEqual([await uidOf(one), await uidOf("one-jobs")], before);
    await noChanges();
  });

  it("is refused when the cluster has lost it, and comes back after a refresh", async () => {
    await core().deleteNamespace({ name: one });
    await waitFor(async () => (await uidOf(one)) === undefined, { describe: () => `the namespace ${one} is gone` });
    const all = await refused();
    assert.ok(all.includes(`the namespace ${one} is in the stack's state, and the cluster does not have it`), all);
    // Within one command, the program would read the state from before the refresh.
    await environment.engine.succeed(["refresh", "--yes", "--skip-preview"], { cwd });
    await up();
    assert.notEqual(await uidOf(one), undefined);
    await noChanges();
  });

  it("keeps the repository and its deploy key when it becomes another tenant's", async () => {
    const [before, keys] = [await repositoryNamed(github, one), await deployKeys(github, one)];
    await remove(one);
    await write(two, { repository: { name: one } });
    const { all } = await environment.engine.succeed(["preview"], { cwd });
    assert.match(all, /This update deletes the namespace team-one of the tenant team-one, with every object/);
    assert.doesNotMatch(all, /archives/);
    await up();
    const after = await repositoryNamed(github, one);
    assert.deepEqual([after.id, after.archived], [before.id, false]);
    assert.deepEqual(await deployKeys(github, one), keys);
    await noChanges();
  });

  it("registers its deploy key again when the cluster gets another name", async () => {
    const [before] = await deployKeys(github, one);
    const file = join(cwd, `Pulumi.${environment.stack}.yaml`);
    await editYaml(file, (document) => document.setIn(["config", "fleet:cluster"], "eu-1"));
    await up();
    const [after, ...others] = await deployKeys(github, one);
    assert.deepEqual([after?.title, after?.key, others], ["fleet/eu-1 (read-only)", before?.key, []]);
    await noChanges();
    // The next update takes the name back, and with it a repository that is renamed.
    await editYaml(file, (document) => document.deleteIn(["config", "fleet:cluster"]));
  });

  it("is refused under a new name that GitHub does not know: the old repository would be archived", async () => {
    await write(two, { repository: { name: "two-web" } });
    const words =
      "stacks/base/tenants/team-two.yaml:4: repository.name: the repository acme/two-web does not exist, and acme/team-one, which no file names any more, would be archived";
    const all = await refused();
    assert.ok(all.includes(words), all);
    assert.match(all, /gh repo rename two-web --repo acme\/team-one/);
  });

  it("keeps the repository that was renamed on GitHub, and is refused under the old name", async () => {
    const before = await repositoryNamed(github, one);
    const { status } = await github.api("PATCH", `repos/:owner/${one}`, { name: "two-web" });
    assert.equal(status, 200);
    await write(two, { repository: { name: one } });
    const all = await refused();
    assert.match(
      all,
      /team-two\.yaml:4: repository\.name: the repository acme\/team-one was renamed on GitHub to two-web/,
    );
    await write(two, { repository: { name: "two-web" } });
    await up();
    const after = await repositoryNamed(github, "two-web");
    assert.deepEqual([after.id, after.archived], [before.id, false]);
    assert.deepEqual(
      (await rulesets("two-web")).map(({ name }) => name),
      ["fleet"],
    );
    const [key, ...others] = await deployKeys(github, "two-web");
    assert.deepEqual([key?.title, others], ["fleet/staging (read-only)", []]);
    await noChanges();
  });

  it("keeps the repository, its rulesets and its team's right with existing: true", async () => {
    const before = await rulesets("two-web");
    await write(two, { repository: { name: "two-web", existing: true } });
    await up();
    assert.equal((await repositoryNamed(github, "two-web")).archived, false);
    assert.deepEqual(await rulesets("two-web"), before);
    await up();
    assert.deepEqual(await rulesets("two-web"), before);
    await noChanges();
    await write(two, { repository: { name: "two-web" } });
    await environment.engine.up({ cwd, adopt: { repositories: ["two-web"] } });
    assert.deepEqual(await rulesets("two-web"), before);
  });

  it("keeps the repository of a tenant that only another stack runs, without a key of this cluster", async () => {
    await write(two, { repository: { name: "two-web" } }, ["prod-eu"]);
    await remove(two, [environment.stack]);
    // A tenant that this stack has never run.
    await write("team-three", {}, ["prod-eu"]);
    await up();
    assert.equal((await repositoryNamed(github, "two-web")).archived, false);
    for (const repository of ["two-web", "team-three"]) {
      assert.deepEqual(await deployKeys(github, repository), [], repository);
    }
    assert.deepEqual(
      (await rulesets("team-three")).map(({ name }) => name),
      ["fleet"],
    );
    await remove("team-three", ["base", "prod-eu"]);
  });

  it("is archived by the second update in which no stack names it any more, once no other stack can use it", async () => {
    await remove(two, ["base", "prod-eu"]);
    const named = (all: string, words: RegExp) =>
      [...new Set([...all.matchAll(words)].map(([, repository, tenant]) => `${tenant} ${repository}`))].sort();
    const both = ["team-three team-three", "team-two two-web"];
    const takes =
      /This update takes .* from the repository acme\/(\S+) of the tenant (\S+), and the next update archives/g;
    assert.deepEqual(named((await up()).all, takes), both);
    assert.equal((await repositoryNamed(github, "two-web")).archived, false);
    const unread =
      /does not archive the repository acme\/(\S+) of the tenant (\S+) yet: the stack prod-eu may still use it, and could not be read/g;
    assert.deepEqual(named((await up()).all, unread), both);
    assert.equal((await repositoryNamed(github, "two-web")).archived, false);
    await noChanges();
    const unreadable = { "prod-eu": "The test updates no other stack" };
    await editYaml(join(cwd, `Pulumi.${environment.stack}.yaml`), (document) => {
      document.setIn(["config", "fleet:unreadableStacks"], unreadable);
    });
    const archives = /This update archives the repository acme\/(\S+) of the tenant (\S+):/g;
    assert.deepEqual(named((await up()).all, archives), both);
    assert.equal((await repositoryNamed(github, "two-web")).archived, true);
    await noChanges();
  });

  it("stays on GitHub when another stack creates the repositories from now on", async () => {
    const state = async () => [...(await repositories(github)).values()].map(({ name, archived }) => [name, archived]);
    const before = await state();
    const protectedBefore = await rulesets("team-payments");
    const file = join(cwd, `Pulumi.${environment.stack}.yaml`);
    await editYaml(file, (document) => document.setIn(["config", "fleet:repositoryOwner"], "prod-eu"));
    await up();
    await up();
    assert.deepEqual(await state(), before);
    assert.deepEqual(await rulesets("team-payments"), protectedBefore);
    // Nothing but name and topic says now that they are fleet's, until that stack has taken them over.
    assert.match(await refused(), /acme\/team-payments exists, and the state of the stack prod-eu /);
    await editYaml(file, (document) => document.setIn(["config", "fleet:repositoryOwner"], environment.stack));
    await environment.engine.up({ cwd, adopt: { repositories: fixtureRepositories } });
    assert.deepEqual(await state(), before);
    assert.deepEqual(await rulesets("team-payments"), protectedBefore);
  });
});

/** Tenants with their first namespace and repository. */
const primaryParts = [
  [one, one, one],
  ["team-payments", "payments", "team-payments"],
  ["team-search", "team-search", "team-search"],
] as const;
