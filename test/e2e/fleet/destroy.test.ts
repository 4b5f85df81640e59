import assert from "node:assert/strict";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { pushed, pushedFiles } from "../../attacks/legitimate/pushed.js";
import { clusterInventory, namesOf } from "../../support/e2e/cluster-inventory.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { fixtureRepositories } from "../../support/e2e/engine.js";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { keyTitles, repositories } from "../../support/e2e/github-view.js";
import { copyCheckout, copyProgram } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { deployment as deploymentOf } from "../../support/objects/workloads.js";
import { bareNames } from "./bare-names.js";
import { clusterRepositories, tenantsReady } from "./ready.js";

/** ms; far above what it takes, so that only something that hangs reaches it. */
const sane = 120_000;

const deployment = deploymentOf({ name: "shop" });

describe("pulumi destroy", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let bare: string[];

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    bare = await bareNames(environment.kubernetes);
    await environment.engine.ensureUp();
    const tenant = await Tenant.of(sandbox, environment, "team-search");
    await tenant.clone.write(pushedFiles);
    await tenant.applied(await tenant.push(deployment, ...pushed(tenant)));
    await tenantsReady(environment.kubernetes);
  });

  const running = async (): Promise<boolean> => {
    const api = environment.kubernetes.client(AppsV1Api);
    const { status } = await api.readNamespacedDeployment({ namespace: "team-search", name: "shop" });
    return status?.readyReplicas === 1;
  };

  it("ends soon, though tenants run workloads, and hangs on no finalizer", async () => {
    assert.ok(await running());
    const begin = Date.now();
    await environment.engine.destroy({ timeout: sane });
    process.stdout.write(`      pulumi destroy took ${((Date.now() - begin) / 1000).toFixed(1)} s\n`);
    assert.deepEqual(await environment.engine.resources(), []);
  });

  it("leaves nothing on the cluster but what was there before the first up", async () => {
    const found = namesOf(await clusterInventory(environment.kubernetes));
    assert.deepEqual(
      found.filter((name) => !bare.includes(name)),
      [],
      "left behind",
    );
    assert.deepEqual(
      bare.filter((name) => !found.includes(name)),
      [],
      "gone though it was there before",
    );
  });

  it("archives and deletes no repository and no ruleset, and leaves no deploy key of this cluster", async () => {
    const archived = [...(await repositories(github)).values()].map(({ name, archived }) => [name, archived]).sort();
    assert.deepEqual(
      archived,
      [...clusterRepositories, "tenant-template"].sort().map((name) => [name, false]),
    );
    const isReviewed = (name: string) => ["platform", "tenant-template"].includes(name);
    for (const name of [...clusterRepositories, "tenant-template"]) {
      const { status, body } = await github.api("GET", `repos/:owner/${name}/rulesets`);
      assert.equal(status, 200);
      const rulesets = (body as readonly { name: string }[]).map(({ name }) => name).sort();
      assert.deepEqual(rulesets, isReviewed(name) ? ["fleet", "fleet-review"] : ["fleet"], name);
    }
    for (const name of clusterRepositories) assert.deepEqual(await keyTitles(github, name), [], name);
  });

  const fluxNamespace = async () => {
    const core = environment.kubernetes.client(CoreV1Api);
    return (await core.readNamespace({ name: "flux-system" })).metadata?.uid;
  };
  let killedUps: string | undefined;
  let checkout: string | undefined;
  const clean = async () => {
    checkout ??= await copyCheckout(await sandbox.scratch("clean"));
    return await runFleetCommand(environment, checkout, "clean", "staging", "--unused-for", "0d", "--yes");
  };

  it("leaves the state of before when an up without checkpoints is killed, and the stack locked until a cancel", async () => {
    await environment.engine.upKilled("ValidatingAdmissionPolicy fleet-admission-controllers created", {
      repositories: fixtureRepositories,
    });
    killedUps = await fluxNamespace();
    assert.deepEqual(await environment.engine.resources(), []);
    assert.match(await environment.engine.upFails(), /the stack is currently locked/);
    const locked = await clean();
    assert.equal(locked.code, 3, locked.out);
    assert.match(locked.err, /an update runs on the stack, or was killed and left its lock/);
    await environment.engine.succeed(["cancel", "--yes"]);
  });

  it("leaves a cluster on which a controller that refuses its flag fails the up, before anything relies on it", async () => {
    const cwd = await copyProgram(await sandbox.scratch("bad-flag"));
    await editYaml(cwd, "Pulumi.staging.yaml", [
      [["config", "fleet:adopt"], { repositories: fixtureRepositories }],
      [["config", "fleet:readyTimeout"], "30s"],
      [["config", "fleet:controllers"], { "helm-controller": { args: ["--concurrent=many"] } }],
    ]);
    // The killed update may have started the controller without the flag, and the provider takes its pods for the new ones.
    const ofHelm = { namespace: "flux-system", fieldSelector: "metadata.name=helm-controller" };
    const apps = environment.kubernetes.client(AppsV1Api);
    await apps.deleteCollectionNamespacedDeployment({ ...ofHelm, propagationPolicy: "Foreground" });
    await waitFor(async () => (await apps.listNamespacedDeployment(ofHelm)).items.length === 0, {
      describe: () => "the helm-controller of the killed update is still there",
    });
    const said = await environment.engine.upFails({ cwd });
    // The engine also prints resources that do not fail, so only the diagnostics count.
    const [, diagnostics = ""] = said.split("\nDiagnostics:\n");
    const blamed = [...diagnostics.matchAll(/^ {2}kubernetes:apps\/v1:Deployment \((\S+)\):\n((?: {4}.*\n)*)/gm)];
    const [, , reason = ""] = blamed.find(([, name]) => name === "fleet-flux-deployment-helm-controller") ?? [];
    assert.match(reason, /helm-controller/, said);
    assert.match(reason, /invalid argument "many" for "--concurrent" flag/, said);
    const types = (await environment.engine.resources()).map(({ type }) => type);
    assert.ok(types.includes("kubernetes:core/v1:Namespace"), "the state lacks what was created before");
    const syncs = types.filter((type) => type.startsWith("kubernetes:kustomize."));
    assert.deepEqual(syncs, [], "a sync was created though a controller is missing");
  });

  it("can be undone, and a bad flag put right: the next up takes the repositories over by consent, with what teams have pushed", async () => {
    await environment.engine.up({ adopt: { repositories: fixtureRepositories } });
    await tenantsReady(environment.kubernetes);
    // The killed update may have registered keys that no state has.
    const cleaned = await clean();
    assert.equal(cleaned.code, 0, cleaned.err);
    for (const name of clusterRepositories) assert.equal((await keyTitles(github, name)).length, 1, name);
    assert.equal(await fluxNamespace(), killedUps, "what the killed up had created was created again");
    await waitFor(running, { describe: () => "the deployment of before does not run again" });
    for (const { name, archived } of (await repositories(github)).values()) assert.equal(archived, false, name);
    await environment.engine.succeed(["preview", "--expect-no-changes"]);
  });
});
