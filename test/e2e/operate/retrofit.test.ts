import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { RetrofitStep } from "../../../operate/retrofit/step.js";
import { killFleetCommand, runFleetCommand } from "../../support/e2e/fleet-command.js";
import { runVerify, verifyResult } from "../../support/e2e/fleet-verify.js";
import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import { InterruptionProbe } from "../../support/e2e/interruptions.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { chartImage, publishChart } from "../../support/e2e/published-chart.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap } from "../../support/objects/configuration.js";
import {
  addMisplacedSync,
  bootstrapFolder,
  type OrdinaryCluster,
  ordinaryReady,
  ordinaryRelease,
  ordinaryTenants,
  removeMisplacedSync,
  setUpOrdinary,
} from "./ordinary-cluster.js";

/** Objects of the flux CLI's own installation that the program does not have: roles of people, and open networks. */
const leftBehind = [
  "ClusterRole crd-controller-flux-system",
  "ClusterRole flux-edit-flux-system",
  "ClusterRole flux-view-flux-system",
  "ClusterRoleBinding crd-controller-flux-system",
  "NetworkPolicy flux-system/allow-egress",
  "NetworkPolicy flux-system/allow-scraping",
  "NetworkPolicy flux-system/allow-webhooks",
  "ResourceQuota flux-system/critical-pods-flux-system",
];

/** A cluster with the flux CLI's own installation comes under the program, while its workloads run on. */
describe("fleet retrofit", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let root: string;
  let context: string;
  let ordinary: OrdinaryCluster;
  let probe: InterruptionProbe;
  let flux: FluxObjects;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    ordinary = await setUpOrdinary(sandbox, environment);
    flux = new FluxObjects(environment.kubernetes);
    root = await copyCheckout(await sandbox.scratch("retrofit"));
    for (const folder of ["base", "staging", "prod-eu"].map((one) => join(root, "stacks", one, "tenants"))) {
      for (const file of await readdir(folder)) await rm(join(folder, file));
    }
    await editYaml(root, "Pulumi.staging.yaml", [[["config", "fleet:allowedSourceHosts"], ["ghcr.io"]]]);
    ({ stdout: context } = await execa("kubectl", ["config", "current-context"], { env: environment.variables }));
    probe = await InterruptionProbe.start(environment.kubernetes, ordinaryTenants);
  });
  after(async () => {
    await probe?.end();
  });

  const fleet = (...args: readonly string[]) => runFleetCommand(environment, root, ...args);
  const steps = async (): Promise<readonly RetrofitStep[]> => {
    const { out, err } = await fleet("retrofit", "--context", context, "--stack", "staging", "--output", "json");
    assert.match(out, /^\{/, err);
    return (JSON.parse(out) as { readonly steps: readonly RetrofitStep[] }).steps;
  };
  const step = async (id: RetrofitStep["id"]) => (await steps()).find((one) => one.id === id) ?? assert.fail(id);
  const written = (action: "--apply" | "--undo", id: RetrofitStep["id"]) =>
    ["retrofit", "--context", context, "--stack", "staging", action, id, "--yes"] as const;
  const apply = (id: RetrofitStep["id"]) => fleet(...written("--apply", id));
  const undo = (id: RetrofitStep["id"]) => fleet(...written("--undo", id));
  const releaseAccount = async () => (await flux.get(ordinaryRelease)).spec.serviceAccountName;
  const changed = async (id: RetrofitStep["id"]) => (await step(id)).changes.map(({ object }) => object);

  it("begins with the tenants' files, written from the cluster", async () => {
    const { code, out, err } = await fleet("tenant", "import", "--context", context, "--stack", "staging");
    assert.equal(code, 0, err);
    for (const name of ordinaryTenants) {
      const overlay = await readFile(join(root, "stacks", "staging", "tenants", `${name}.yaml`), "utf8");
      assert.deepEqual(parse(overlay), {
        sync: { path: "./deploy", ref: { branch: "main" }, interval: "10m0s", timeout: "2m0s" },
      });
    }
    const [, unexpressed = ""] = out.split("No file can have");
    assert.match(unexpressed, /HelmRelease search\/cache/);
    assert.doesNotMatch(unexpressed, /Kustomization/);
  });

  /** Makes a step, by commits to the platform's repository where Flux owns the objects. */
  async function make(id: "accounts" | "syncs" | "flags"): Promise<void> {
    const { changes } = await step(id);
    const result = await apply(id);
    const patches = changes.flatMap(({ inGit }) => (inGit === undefined ? [] : (parse(inGit.patch) as unknown[])));
    if (patches.length > 0) {
      assert.equal(result.code, 1, result.err);
      const file = `${bootstrapFolder}/kustomization.yaml`;
      const { platform } = ordinary;
      const former = parse(await readFile(join(platform.directory, file), "utf8")) as { readonly patches?: unknown[] };
      const text = stringify({ ...former, patches: [...(former.patches ?? []), ...patches] });
      const commit = await platform.commitAndPush(`Retrofit: ${id}`, { [file]: text });
      const reference = { kind: "Kustomization", namespace: "flux-system", name: "flux-system" } as const;
      await flux.reconcileNow({ ...reference, kind: "GitRepository" });
      await flux.waitFor(
        reference,
        (one) => isReady(one) && one.status?.lastAppliedRevision?.endsWith(commit) === true,
      );
      await ordinaryReady(environment);
    } else {
      assert.equal(result.code, 0, `${result.out}${result.err}`);
    }
    await waitFor(async () => (await step(id)).state === "done", {
      timeout: 180_000,
      interval: 2000,
      describe: async () => JSON.stringify(await step(id)),
    });
  }

  it("is killed in the middle of a step, and the way back of it leaves nothing", async () => {
    const planned = await changed("accounts");
    const object = "serviceaccount/platform-reconciler";
    await killFleetCommand(environment, root, {
      namespace: "flux-system",
      object,
      args: written("--apply", "accounts"),
    });
    const left = await changed("accounts");
    assert.ok(left.length > 0 && left.length < planned.length, `${left.length} of ${planned.length} are left`);
    const { code, err } = await undo("accounts");
    assert.equal(code, 0, err);
    assert.deepEqual(await changed("accounts"), planned);
  });

  it("creates the accounts, and refuses a tenant's repository that Flux's namespace applies", async () => {
    await make("accounts");
    await addMisplacedSync(environment);
    const { state, obstacles } = await step("proof");
    assert.deepEqual(
      [state, obstacles.map(({ object, message }) => `${object}: ${message}`)],
      [
        "blocked",
        [
          `Kustomization flux-system/shop-roles: applies the repository 127.0.0.1/${environment.variables.GITHUB_OWNER}/shop of the tenant shop, with the rights of the platform`,
        ],
      ],
    );
    const refused = await apply("syncs");
    assert.deepEqual([refused.code, /proof is not done|shop-roles/.test(refused.err)], [1, true], refused.err);
    await removeMisplacedSync(environment);
  });

  it("proves that each sync applies as its account", async () => {
    const proof = await step("proof");
    assert.deepEqual([proof.state, proof.obstacles], ["done", []]);
  });

  it("adopts no object that only has the labels of Flux", async () => {
    const role = "clusterrole/debugger";
    await execa("kubectl", ["create", "clusterrole", "debugger", "--verb=*", "--resource=*"], {
      env: environment.variables,
    });
    const labels = ["app.kubernetes.io/part-of=flux", "app.kubernetes.io/instance=flux-system"];
    await execa("kubectl", ["label", role, ...labels], { env: environment.variables });
    const { obstacles, commands } = await step("adoption");
    assert.deepEqual([obstacles.map(({ object }) => object), commands], [["ClusterRole debugger"], []]);
    // The label that the remedy takes away is enough.
    const [, command = ""] = obstacles[0]?.fix.split("remove the label: ") ?? [];
    await execa("sh", ["-c", command], { env: environment.variables });
    assert.deepEqual((await step("adoption")).obstacles, []);
    await execa("kubectl", ["delete", role], { env: environment.variables });
  });

  it("has each sync apply as its account, and locks the controllers down", async () => {
    await make("syncs");
    assert.equal(await releaseAccount(), "reconciler");
    // The change of the release was made on the cluster, and the others by commits.
    const back = await undo("syncs");
    assert.equal(back.code, 0, back.err);
    assert.equal(await releaseAccount(), undefined);
    // A release that is not Ready proves nothing.
    await flux.waitFor(ordinaryRelease, isReady);
    await make("syncs");
    assert.equal(await releaseAccount(), "reconciler");
    await make("flags");
  });

  it("adopts the cluster into the stack's state", async () => {
    const { commands } = await step("adoption");
    const github = await sandbox.github();
    assert.equal(
      (await github.api("PUT", "repos/:owner/platform/topics", { names: ["managed-by-fleet"] })).status,
      200,
    );
    for (const command of commands) {
      if (command.startsWith("pulumi up")) {
        await environment.engine.up({ cwd: root, adopt: { repositories: ["platform"] } });
      } else {
        await execa("sh", ["-c", command], { env: environment.variables });
      }
    }
    assert.equal((await step("adoption")).state, "done");
    await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd: root });
    // The update restarts source-controller, which fetches all artifacts anew.
    await flux.waitFor(ordinaryRelease, isReady);
  });

  it("prunes the rogue binding", async () => {
    const { changes } = await step("bindings");
    assert.deepEqual(
      changes.map(({ object }) => object),
      ["ClusterRoleBinding rogue"],
    );
    const { code, err } = await apply("bindings");
    assert.equal(code, 0, err);
  });

  const verify = async () => {
    const { exitCode, stdout, stderr } = await runVerify(environment, root, ["--output", "json"]);
    assert.match(stdout, /^\{/, stderr);
    return { exitCode, findings: verifyResult(stdout).checks.flatMap(({ findings }) => findings) };
  };

  it("leaves what fleet verify names with its fix, and after these verify holds", async () => {
    // The update commits to the platform's repository. Flux would fetch that within an interval.
    const platform = ["reconcile", "kustomization", "platform", "--with-source", "--namespace", "flux-system"];
    await execa("flux", platform, { env: environment.variables });
    for (const name of ordinaryTenants) {
      await flux.waitFor({ kind: "Kustomization", namespace: name, name }, isReady);
    }
    const { findings } = await verify();
    assert.deepEqual(
      findings.map(({ kind, object }) => `${kind} ${object}`),
      leftBehind.map((object) => `object-unplanned ${object}`),
    );
    for (const { fix } of findings) {
      const [, command = ""] = fix.split("then: ");
      await execa("sh", ["-c", command], { env: environment.variables });
    }
    const after = await verify();
    assert.deepEqual([after.exitCode, after.findings], [0, []]);
  });

  it("interrupted no workload, and tenants deploy on", async () => {
    const { looks, interruptions } = await probe.end();
    assert.deepEqual(interruptions, []);
    assert.ok(looks > 50, `${looks} looks`);
    const shop = ordinary.tenants.get("shop") ?? assert.fail();
    const commit = await shop.commitAndPush("Change a setting", {
      "deploy/settings.yaml": stringify(configMap({ name: "settings" }, { of: "shop", changed: "yes" })),
    });
    await flux.reconcileNow({ kind: "GitRepository", namespace: "shop", name: "shop" });
    await flux.waitFor({ kind: "Kustomization", namespace: "shop", name: "shop" }, (one) => {
      return isReady(one) && one.status?.lastAppliedRevision?.endsWith(commit) === true;
    });
    const { data } = await environment.kubernetes
      .client(CoreV1Api)
      .readNamespacedConfigMap({ namespace: "shop", name: "settings" });
    assert.equal(data?.changed, "yes");
  });

  it("has the release upgraded as the tenant's account", async () => {
    const { namespace, name } = ordinaryRelease;
    await publishChart(sandbox, name, "1.1.0");
    await flux.reconcileNow({ kind: "OCIRepository", namespace, name });
    const apps = environment.kubernetes.client(AppsV1Api);
    const image = async () => {
      return (await apps.readNamespacedDeployment({ namespace, name })).spec?.template.spec?.containers[0]?.image;
    };
    await waitFor(async () => (await image()) === chartImage(name, "1.1.0"), {
      timeout: 120_000,
      describe: async () => JSON.stringify((await flux.get(ordinaryRelease)).status),
    });
    await flux.waitFor(ordinaryRelease, isReady);
  });
});
