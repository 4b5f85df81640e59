import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
} from "@kubernetes/client-node";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { bareNames } from "./bare-names.js";

const [namespace, controller, policy] = ["gitops", "kustomize-controller", "fleet-images"];
const definition = "gitrepositories.source.toolkit.fluxcd.io";

/** A cluster on which another installation left objects: the first update refuses it before it creates anything. */
describe("Leftovers of another installation", function () {
  this.timeout(10 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let core: CoreV1Api;
  let apps: AppsV1Api;
  let extensions: ApiextensionsV1Api;
  let admission: AdmissionregistrationV1Api;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    await bareNames(environment.kubernetes);
    core = environment.kubernetes.client(CoreV1Api);
    apps = environment.kubernetes.client(AppsV1Api);
    extensions = environment.kubernetes.client(ApiextensionsV1Api);
    admission = environment.kubernetes.client(AdmissionregistrationV1Api);
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    const labels = { "app.kubernetes.io/part-of": "flux" };
    const app = { app: controller };
    const template = {
      metadata: { labels: app },
      spec: { containers: [{ name: "manager", image: "flux.invalid/old" }] },
    };
    await apps.createNamespacedDeployment({
      namespace,
      body: { metadata: { name: controller, labels }, spec: { replicas: 0, selector: { matchLabels: app }, template } },
    });
    const schema = { openAPIV3Schema: { type: "object" } };
    await extensions.createCustomResourceDefinition({
      body: {
        metadata: { name: definition },
        spec: {
          group: "source.toolkit.fluxcd.io",
          names: {
            kind: "GitRepository",
            listKind: "GitRepositoryList",
            plural: "gitrepositories",
            singular: "gitrepository",
          },
          scope: "Namespaced",
          versions: [{ name: "v1alpha1", served: true, storage: true, schema }],
        },
      },
    });
    const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
    await admission.createValidatingAdmissionPolicy({
      body: {
        metadata: { name: policy },
        spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: "true" }] },
      },
    });
  });

  after(async () => {
    await admission.deleteValidatingAdmissionPolicy({ name: policy });
    await extensions.deleteCustomResourceDefinition({ name: definition });
    await core.deleteNamespace({ name: namespace });
    const custom = environment.kubernetes.client(CustomObjectsApi);
    await waitFor(
      async () => {
        const names = (await core.listNamespace()).items.map(({ metadata }) => metadata?.name);
        const served = await custom
          .listCustomObjectForAllNamespaces({
            group: "source.toolkit.fluxcd.io",
            version: "v1alpha1",
            plural: "gitrepositories",
          })
          .then(() => true)
          .catch(() => false);
        return !names.includes(namespace) && !served;
      },
      { timeout: 120_000, describe: () => "the leftovers stay" },
    );
  });

  it("are refused in words, all at once, beside repositories of another owner without the branch, and nothing is created", async () => {
    const github = await sandbox.github();
    const expect = async (status: number, method: string, path: string, body?: unknown) => {
      const answer = await github.api(method, path, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    };
    const [empty, trunk] = ["empty-web", "trunk-web"];
    await expect(201, "POST", "orgs/:owner/repos", { name: empty, private: true });
    await expect(201, "POST", "orgs/:owner/repos", { name: trunk, private: true, auto_init: true });
    const clone = await sandbox.clone(trunk);
    await clone.git("push", "--quiet", "origin", "HEAD:refs/heads/trunk");
    await expect(200, "PATCH", `repos/:owner/${trunk}`, { default_branch: "trunk" });
    await clone.git("push", "--quiet", "origin", "--delete", "main");
    const cwd = await copyProgram(await sandbox.scratch("program"));
    for (const name of [empty, trunk]) {
      const tenantFile = (folder: string) => join(cwd, "stacks", folder, "tenants", `team-${name}.yaml`);
      await writeFile(tenantFile("base"), `name: team-${name}\nrepository:\n  name: ${name}\n  existing: true\n`);
      await writeFile(tenantFile(environment.stack), "{}\n");
    }
    const all = await environment.engine.upFails({ cwd });
    for (const words of [
      `the ValidatingAdmissionPolicy ${policy} exists, but fleet does not manage it: it lacks the label app.kubernetes.io/managed-by=fleet`,
      `another Flux watches every namespace of this cluster: ${controller} in the namespace ${namespace}`,
      `the CustomResourceDefinition ${definition} may hold objects in v1alpha1, which Flux`,
      `stacks/base/tenants/team-${empty}.yaml:3: repository.name: the repository acme/${empty} is empty: it has no branch main. Push a first commit to it.`,
      `stacks/base/tenants/team-${trunk}.yaml:3: repository.name: the repository acme/${trunk} has no branch main, which a sync follows; its default branch is trunk. Correct repository.defaultBranch or the ref of the sync, or create the branch.`,
    ]) {
      assert.ok(all.includes(words), `${words} is missing:\n${all}`);
    }
    assert.deepEqual(await environment.engine.registered(), []);
    for (const name of [empty, trunk]) await expect(204, "DELETE", `repos/:owner/${name}`);
  });
});
