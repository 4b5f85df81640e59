import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { Emulator } from "../../support/e2e/emulator.js";
import { GitClone } from "../../support/e2e/git-clone.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";
import { sshVariables } from "../../support/e2e/ssh.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap } from "../../support/objects/configuration.js";
import { deployment, podSpec } from "../../support/objects/workloads.js";

describe("main job: what a tenant pushes", function () {
  this.timeout(30 * 60_000);
  let staging: TestEnvironment;
  let github: Emulator;
  let payments: Tenant;
  let core: CoreV1Api;
  let apps: AppsV1Api;
  before(async () => {
    const sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    github = await sandbox.github();
    await staging.engine.ensureUp();
    payments = await Tenant.of(sandbox, staging, "team-payments");
    core = staging.kubernetes.client(CoreV1Api);
    apps = staging.kubernetes.client(AppsV1Api);
  });
  after(() => payments?.restore());

  const configMapNames = async (namespace: string) =>
    (await core.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata?.name);
  const deploymentNames = async (namespace: string) =>
    (await apps.listNamespacedDeployment({ namespace })).items.map(({ metadata }) => metadata?.name);

  /** Both objects are there as they were pushed, and the Deployment's pods run. */
  const assertRuns = async (greeting: string) => {
    const { namespace } = payments;
    const config = await core.readNamespacedConfigMap({ namespace, name: "web" });
    assert.deepEqual(config.data, { greeting });
    const { status } = await apps.readNamespacedDeployment({ namespace, name: "web" });
    assert.equal(status?.availableReplicas, 2, JSON.stringify(status));
  };

  it("pushed over HTTP with a token, a Deployment and a ConfigMap run in the tenant's namespace and no other", async () => {
    await payments.applied(await payments.push(web, config("by HTTP")));
    await assertRuns("by HTTP");
    const { items } = await apps.listDeploymentForAllNamespaces({ fieldSelector: "metadata.name=web" });
    assert.deepEqual(
      items.map(({ metadata }) => metadata?.namespace),
      [payments.namespace],
    );
  });

  it("changed by hand, a ConfigMap is changed back, and a deleted Deployment returns", async () => {
    const { namespace } = payments;
    await core.patchNamespacedConfigMap(
      { namespace, name: "web", body: { data: { greeting: "by hand" } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    const gone = await apps.readNamespacedDeployment({ namespace, name: "web" });
    await apps.deleteNamespacedDeployment({ namespace, name: "web" });
    await payments.flux.reconcileNow(payments.sync);
    await waitFor(
      async () => {
        const { metadata, status } = await apps.readNamespacedDeployment({ namespace, name: "web" });
        return metadata?.uid !== gone.metadata?.uid && status?.availableReplicas === 2;
      },
      { timeout: 180_000, describe: () => "the Deployment is back and runs" },
    );
    await assertRuns("by HTTP");
  });

  it("taken out of Git, both are pruned, and what is left there stays", async () => {
    const { namespace } = payments;
    await payments.applied(await payments.push());
    await waitFor(async () => !(await deploymentNames(namespace)).includes("web"), {
      describe: () => "the Deployment is pruned",
    });
    const left = await configMapNames(namespace);
    assert.ok(!left.includes("web"), "the ConfigMap is still there");
    assert.ok(left.includes("welcome"), "what is still in Git went as well");
  });

  it("pushed over SSH with a deploy key that may write, they run as well, and go again", async () => {
    const { namespace } = payments;
    const sandbox = await sharedSandbox();
    const directory = await sandbox.scratch("ssh");
    const identity = join(directory, "identity");
    const { private: secret, public: key } = generateKeyPair("ed25519");
    await writeFile(identity, secret, { mode: 0o600 });
    const path = `repos/:owner/${payments.repository}/keys`;
    const registered = await github.api("POST", path, { title: "a developer of the tests", key, read_only: false });
    assert.equal(registered.status, 201, JSON.stringify(registered.body));
    try {
      const ssh = await sshVariables(staging, payments.namespace, { directory, identity });
      const clone = await GitClone.clone({
        repository: payments.cloneUrl,
        variables: { ...staging.variables, ...ssh },
        directory: await sandbox.scratch("ssh-clone"),
      });
      const overSsh = await Tenant.of(sandbox, staging, payments.name, clone);

      await overSsh.applied(await overSsh.push(web, config("by SSH")));
      await assertRuns("by SSH");

      await overSsh.applied(await overSsh.push());
      assert.ok(!(await configMapNames(namespace)).includes("web"), "the ConfigMap is still there");
    } finally {
      const { id } = registered.body as { id: number };
      assert.equal((await github.api("DELETE", `${path}/${id}`)).status, 204);
    }
  });
});

const web = deployment({ name: "web" }, podSpec(), { replicas: 2 });

function config(greeting: string) {
  return configMap({ name: "web" }, { greeting });
}
