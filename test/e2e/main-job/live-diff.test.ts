import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CoreV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { checkout } from "../../../cli/checkout.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { assertForbidden, DryRun } from "../../support/e2e/dry-run.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { liveDiff } from "../../support/e2e/fleet-diff.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { previewer, previewerObjects } from "../../support/previewer-role.js";

/** Name of a ConfigMap of the tenant. */
const used = "used";
const place = { namespace: "team-search", name: "tenant" };
/** A well-formed key of no server, which changes the content of each Secret for clones. */
const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;
const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

describe("main job: fleet diff --live", function () {
  this.timeout(20 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let core: CoreV1Api;
  let root: string;

  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    core = staging.kubernetes.client(CoreV1Api);
    root = await copyCheckout(await sandbox.scratch("live"));
    // Tenants of an earlier file leave with one update, and their repositories with the next.
    await staging.engine.up();
    await staging.engine.up();
  });

  async function setPods(pods: string): Promise<string> {
    const before = await core.readNamespacedResourceQuota(place);
    const body = { spec: { hard: { pods } } };
    await core.patchNamespacedResourceQuota({ ...place, body, fieldManager: "kubectl-patch" }, merge);
    return before.spec?.hard?.pods ?? "";
  }

  async function setVisibility(visibility: string): Promise<Emulator> {
    const github = await sandbox.github();
    const { status } = await github.api("PATCH", "repos/:owner/team-search", { visibility });
    assert.equal(status, 200);
    return github;
  }

  it("has no difference for a stack that is as its files say", async () => {
    const { exitCode, stdout, stderr } = await liveDiff(staging, root);
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: "" });
    assert.equal(
      stdout,
      "working tree compared with the state of the stack, stacks staging.\n\nNo stack registers anything else than before.\n",
    );
  });

  it("prints nothing but the reason when the program refuses", async () => {
    const kubeconfig = join(root, "nowhere.yaml");
    const config = staging.kubernetes.admin.exportConfig();
    await writeFile(kubeconfig, config.replaceAll(/https:\/\/127\.0\.0\.1:\d+/g, "https://127.0.0.1:9"));
    const { exitCode, stdout, stderr } = await liveDiff(staging, root, { env: { KUBECONFIG: kubeconfig } });
    assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: "" });
    assert.match(stderr, /^pulumi preview of the stack staging failed\. Nothing was changed\.\n/);
    assert.match(
      stderr,
      /environment: KUBECONFIG: the cluster at https:\/\/127\.0\.0\.1:9 did not list its namespaces/,
    );
  });

  describe("by an account of docs/review.md", () => {
    let account: KubeConfig;
    let objects: readonly KubernetesObject[];
    let printed: Awaited<ReturnType<typeof liveDiff>>;
    let states: readonly string[];
    let writes: number;
    let pods: string;

    before(async () => {
      objects = previewerObjects(checkout);
      const api = KubernetesObjectApi.makeApiClient(staging.kubernetes.admin);
      for (const object of objects) await api.create(object);
      account = await staging.kubernetes.serviceAccount(previewer, previewer);
      const kubeconfig = join(root, "previewer.json");
      await writeFile(kubeconfig, account.exportConfig(), { mode: 0o600 });
      pods = await setPods("500");
      // Beside the one that Kubernetes keeps in each namespace.
      await core.createNamespacedConfigMap({ namespace: place.namespace, body: { metadata: { name: used } } });
      await editYaml(root, "Pulumi.staging.yaml", [[["config", "fleet:sshHostKeys"], [hostKey]]]);
      await editYaml(root, "stacks/base/tenants/team-payments.yaml", [[["namespace", "name"], "payments-next"]]);
      await editYaml(root, "stacks/base/tenants/team-search.yaml", [[["limits"], { services: 33, configMaps: 1 }]]);
      await writeFile(join(root, "stacks/base/tenants/team-new.yaml"), "name: team-new\n");
      await writeFile(join(root, "stacks/staging/tenants/team-new.yaml"), "{}\n");
      const before = await staging.engine.exportText();
      const github = await setVisibility("public");
      await github.resetRequests();
      printed = await liveDiff(staging, root, { options: ["--refresh"], env: { KUBECONFIG: kubeconfig } });
      writes = (await github.requests()).writes;
      states = [before, await staging.engine.exportText()];
    });
    after(async () => {
      await setPods(pods);
      await core.deleteNamespacedConfigMap({ namespace: place.namespace, name: used });
      await setVisibility("private");
      const api = KubernetesObjectApi.makeApiClient(staging.kubernetes.admin);
      for (const object of objects) await api.delete(object);
    });

    it("fails by the rule on data alone, and writes neither the state nor anything on GitHub", () => {
      assert.equal(printed.exitCode, 1, printed.stderr);
      assert.match(printed.stderr, /^\S+team-payments\.yaml:\d+: \[tenant-data\] the namespace payments goes, .*\n$/);
      assert.equal(states[0], states[1]);
      assert.equal(writes, 0);
    });

    it("tells a change by hand in words, and with --refresh as what the update takes back", () => {
      const { stdout } = printed;
      assert.match(stdout, /^working tree compared with the cluster and GitHub, stacks staging\.\n/);
      assert.match(
        stdout,
        /\nWarnings of the preview\n {2}Warning: The ResourceQuota tenant in the namespace team-search was changed by kubectl-patch at \S+Z: spec\.hard\.pods is "500" instead of "\d+"\. This update takes it back, on staging\n/,
      );
      const lowered = `quota team-search/tenant lowered: pods from 500 to ${pods}, count/configmaps from 100 to 1, on staging\n`;
      assert.ok(stdout.includes(lowered), stdout);
      assert.ok(stdout.includes(`\n      spec.hard.pods\n        - 500\n        + ${pods}\n`), stdout);
    });

    it("tells a quota that the update lowers below what is used, which no plan shows, as a loss", () => {
      const [losses = ""] = printed.stdout.split("\nWarnings of the preview\n");
      assert.match(
        losses,
        /\nIrreversible, or loses data\n(?: {2}.*\n)* {2}Loss: quota team-search\/tenant lowered below what is used: count\/configmaps to 1 \([2-9] used\); running pods stay, and/,
      );
      assert.doesNotMatch(printed.stdout, /Warning: This update lowers/);
    });

    it("tells a change by hand on GitHub as what the update takes back", () => {
      assert.match(printed.stdout, /\n {2}Lost: no longer public: team-search, on staging\n/);
      assert.match(printed.stdout, /\n {6}visibility\n {8}- public\n {8}\+ private\n/);
    });

    it("tells the change of the files, a new tenant in one entry, and no other tenant's objects", () => {
      assert.match(
        printed.stdout,
        /\n {2}Gained: quota team-search\/tenant raised: count\/services from \d+ to \d+, on staging\n/,
      );
      assert.match(printed.stdout, /\n {2}Gained: tenant team-new is new: \d+ resources, \d+ privileges/);
      assert.doesNotMatch(printed.stdout, /\n {4}\S+ (?:reconciler|team-search\/(?!tenant(?:-git)?\n))/);
    });

    it("tells a renamed namespace, and the objects that the engine replaces for it, as losses", () => {
      assert.match(printed.stdout, /\n {2}Loss: namespace payments is deleted with everything in it, /);
      assert.match(
        printed.stdout,
        /\n {2}Loss: GitRepository payments\/team-payments is replaced: the update deletes it and creates it again, on staging\n/,
      );
    });

    it("tells that Secrets change, without their content, and that they were not compared with the cluster", () => {
      assert.match(
        printed.stdout,
        /\n {4}Secret team-search\/tenant-git\n {6}data\n {8}- \(secret\)\n {8}\+ \(another secret\)\n/,
      );
      assert.match(
        printed.stdout,
        /\nNote: The account of KUBECONFIG may not read secrets, so the preview names neither/,
      );
      assert.doesNotMatch(printed.stdout, /\[secret\]|PRIVATE KEY|ssh-ed25519/);
    });

    it("cannot read a Secret, and cannot write anything, not even in a dry run", async () => {
      const reader = account.makeApiClient(CoreV1Api);
      await assertForbidden(
        reader.readNamespacedSecret({ namespace: "flux-system", name: "flux-system" }),
        /cannot get/,
      );
      await assertForbidden(reader.listSecretForAllNamespaces(), /cannot list resource "secrets"/);
      const body = { spec: { hard: { pods: "1" } } };
      await assertForbidden(reader.patchNamespacedResourceQuota({ ...place, body }, merge), /cannot patch/);
      const dry = new DryRun(account);
      const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { ...place } };
      assert.match((await dry.create(configMap)) ?? "allowed", /cannot create/);
      assert.match((await dry.change(configMap, { data: { a: "b" } })) ?? "allowed", /cannot patch/);
      assert.match((await dry.remove(configMap)) ?? "allowed", /cannot delete/);
      const binding = account.makeApiClient(RbacAuthorizationV1Api);
      await assertForbidden(binding.deleteClusterRoleBinding({ name: previewer }), /cannot delete/);
      const spec = { audiences: [], expirationSeconds: 600 };
      const token = { namespace: "flux-system", name: "kustomize-controller", body: { spec } };
      await assertForbidden(reader.createNamespacedServiceAccountToken(token), /cannot create/);
    });
  });
});
