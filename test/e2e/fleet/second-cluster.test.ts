import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { z } from "zod";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { repositories } from "../../support/e2e/github-view.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { clusterRepositories, tenants, tenantsReady } from "./ready.js";
import { idsOf, keysByRepository, objectsOf, titles, writesOf } from "./views.js";

const anyUp = ["up", "--yes", "--skip-preview"];

/** A cluster that joins the first one. Promotion to it (promotion.test.ts) and its end (cluster-leaves.test.ts) follow. */
describe("a second cluster", function () {
  this.timeout(40 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let prod: TestEnvironment;
  let github: Emulator;

  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment("staging");
    prod = await sandbox.environment("prod-eu");
    github = await sandbox.github();
  });

  it("joins with a read-only key of its own for each repository, and writes nothing else to GitHub", async () => {
    await staging.engine.ensureUp();
    await tenantsReady(staging.kubernetes);
    const before = {
      repositories: await repositories(github),
      keys: await keysByRepository(github),
      staging: await objectsOf(staging),
    };
    for (const [name, list] of Object.entries(before.keys)) {
      assert.deepEqual(titles(list), ["fleet/staging (read-only)"], name);
    }

    await github.resetRequests();
    await prod.engine.up();
    assert.deepEqual(
      (await writesOf(github)).sort(),
      clusterRepositories.map((name) => `POST /api/v3/repos/acme/${name}/keys`).sort(),
    );
    assert.deepEqual([...(await repositories(github)).keys()], [...before.repositories.keys()]);
    for (const [name, list] of Object.entries(await keysByRepository(github))) {
      assert.deepEqual(titles(list), ["fleet/prod-eu (read-only)", "fleet/staging (read-only)"], name);
      assert.ok(
        list.every((key) => key.read_only),
        `a key of ${name} can push`,
      );
      assert.equal(new Set(list.map(({ key }) => key)).size, 2, `the clusters share a key of ${name}`);
      const [mine] = before.keys[name] ?? [];
      assert.deepEqual(
        list.find(({ title }) => title.includes("staging")),
        mine,
      );
    }
    await tenantsReady(prod.kubernetes);
    assert.deepEqual(await objectsOf(staging), before.staging);
  });

  it("is refused where a repository was renamed, or another owner's has its name, and has nothing to do after that", async () => {
    const name = "team-search";
    const expect = async (status: number, method: string, path: string, body?: unknown) => {
      const answer = await github.api(method, path, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    };
    await expect(200, "PATCH", `repos/:owner/${name}`, { name: `${name}-2` });
    await github.resetRequests();
    const renamed = await prod.engine.upFails();
    const place = "stacks/base/tenants/team-search.yaml:2: repository.name: the repository";
    const advice = "Write that name here. The next update then keeps the repository and its deploy keys.";
    assert.ok(renamed.includes(`${place} acme/${name} was renamed on GitHub to ${name}-2. ${advice}`), renamed);
    // The stack that creates repositories has nothing to do about it.
    assert.doesNotMatch(renamed, /Run pulumi up on the stack staging/);
    assert.deepEqual(await writesOf(github), []);
    await expect(201, "POST", "orgs/:owner/repos", { name, private: true, auto_init: true });
    await expect(200, "PUT", `repos/:owner/${name}/topics`, { names: ["managed-by-fleet"] });
    await github.resetRequests();
    const { exitCode, all } = await prod.engine.run(anyUp);
    assert.notEqual(exitCode, 0, all);
    const words = `stacks/base/tenants/team-search.yaml:2: repository.name: the repository acme/${name} is another repository than the one that the stack staging created`;
    assert.ok(all.includes(words), all);
    assert.deepEqual(await writesOf(github), []);
    await expect(204, "DELETE", `repos/:owner/${name}`);
    await expect(200, "PATCH", `repos/:owner/${name}-2`, { name });
    // The update that was refused changed nothing, so this is the first preview after the cluster joined as well.
    await prod.engine.succeed(["preview", "--expect-no-changes"]);
  });

  it("asks for consent by id where it cannot read the state of the stack that creates repositories", async () => {
    const cwd = await copyProgram(await sandbox.scratch("unreadable"));
    const ids = z.record(z.string(), z.string()).parse((await staging.engine.outputs()).repositoryIds);
    // A stack of the checkout that the backend does not have.
    await cp(join(cwd, "stacks", "staging"), join(cwd, "stacks", "elsewhere"), { recursive: true });
    const settings = join(cwd, "Pulumi.prod-eu.yaml");
    await editYaml(settings, (document) => {
      document.setIn(["config", "fleet:repositoryOwner"], "elsewhere");
      document.setIn(["config", "fleet:promotesFrom"], "elsewhere");
      document.setIn(["config", "fleet:platformRevision"], { branch: "main" });
    });
    for (const { name } of tenants) {
      const overlay = join(cwd, `stacks/prod-eu/tenants/${name}.yaml`);
      await editYaml(overlay, (document) => document.setIn(["sync", "ref"], { branch: "main" }));
    }
    const all = await prod.engine.upFails({ cwd });
    assert.match(all, /promotesFrom: the outputs of the stack elsewhere could not be read \(unknown stack/);
    for (const name of clusterRepositories) {
      const words = `the repository acme/${name} exists, and the state of the stack elsewhere could not be read (unknown stack "organization/fleet/elsewhere"), so it may be another's with fleet's mark (it can be changed by `;
      assert.ok(all.includes(words), all);
      assert.ok(all.includes(`pulumi config set --path 'fleet:repositoryIds["${name}"]' ${ids[name]}.`), all);
      const setting = `fleet:repositoryIds["${name}"]`;
      await prod.engine.succeed(["config", "set", "--path", setting, ids[name] ?? ""], { cwd });
    }
    // Only the proof of the settings changes.
    const { same, ...changes } = await prod.engine.preview({ cwd });
    assert.deepEqual(changes, { update: 1 });
  });

  it("knows repositories by the other stack's resources while its outputs lack them, as after failed updates", async () => {
    const before = await staging.engine.exportText();
    const state = stackExport.parse(JSON.parse(before));
    const [stack] = state.deployment.resources.filter(({ type }) => type === "pulumi:pulumi:Stack");
    assert.ok(stack?.outputs?.repositoryIds, before);
    delete stack.outputs.repositoryIds;
    const file = join(await sandbox.scratch("state"), "staging.json");
    await writeFile(file, JSON.stringify(state));
    await staging.engine.succeed(["stack", "import", "--file", file]);
    assert.equal((await staging.engine.outputs()).repositoryIds, undefined);
    await prod.engine.succeed(["preview", "--expect-no-changes"]);
    await writeFile(file, before);
    await staging.engine.succeed(["stack", "import", "--file", file]);
  });

  it("gets every push, and so does the first", async () => {
    const onStaging = await Tenant.of(sandbox, staging, "team-payments");
    const onProd = await Tenant.of(sandbox, prod, "team-payments");
    const commit = await onStaging.clone.commitAndPush("Say hello to both", {
      "deploy/base/welcome.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: welcome\ndata:\n  to: both\n",
    });
    for (const { tenant, kubernetes } of [
      { tenant: onStaging, kubernetes: staging.kubernetes },
      { tenant: onProd, kubernetes: prod.kubernetes },
    ]) {
      await tenant.applied(commit);
      const core = kubernetes.client(CoreV1Api);
      const { data } = await core.readNamespacedConfigMap({ namespace: tenant.namespace, name: "welcome" });
      assert.deepEqual(data, { to: "both" });
    }
  });

  for (const wrong of ["staging", "prod-eu"] as const) {
    it(`is safe from the stack ${wrong} with the other cluster's kubeconfig`, async () => {
      const [mine, other] = wrong === "staging" ? [staging, prod] : [prod, staging];
      const before = {
        objects: await objectsOf(other),
        state: await mine.engine.resources(),
        keys: await keysByRepository(github),
      };
      await github.resetRequests();
      const { exitCode, all } = await mine.engine.run(anyUp, { env: { KUBECONFIG: other.kubernetes.kubeconfig } });
      assert.notEqual(exitCode, 0, all);
      for (const namespace of ["flux-system", ...tenants.map((tenant) => tenant.namespace)]) {
        assert.ok(
          all.includes(`the namespace ${namespace} of this cluster belongs to the stack ${other.stack}`),
          `${namespace} is not named:\n${all}`,
        );
      }
      assert.match(all, new RegExp(`Point KUBECONFIG at the cluster of ${mine.stack}`));
      assert.deepEqual(await writesOf(github), []);
      assert.deepEqual(await objectsOf(other), before.objects);
      assert.deepEqual(await keysByRepository(github), before.keys);
      assert.deepEqual(idsOf(await mine.engine.resources()), idsOf(before.state));
    });
  }
});

const stackExport = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});
