import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { stringify } from "yaml";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { isReady } from "../../support/e2e/flux-objects.js";
import { chartUrl, publishChart } from "../../support/e2e/published-chart.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap } from "../../support/objects/configuration.js";
import { gitSource, ociRepository } from "../../support/objects/sources.js";
import { helmRelease, kustomization } from "../../support/objects/syncs.js";

const team = "team-runbook";
const pending = "owner=helm,status=pending-upgrade";

/** The procedures of docs/operate/runbook that repair objects by hand, with the commands of these pages. */
describe("The runbook", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, async (sandbox, { variables }) => {
    await publishChart(sandbox, "web", "1.0.0");
    webhookUrl = variables.FLEET_WEBHOOK_URL ?? "";
    const settings = { allowedSourceHosts: ["ghcr.io"], webhookUrl, ingressNamespaces: ["ingress-nginx"] };
    return { base: { webhook: true }, settings };
  });
  let webhookUrl: string;
  /** A copy of the checkout with the stack as it was declared. */
  let checkout: string;
  let stack: SharedStack;
  let staging: TestEnvironment;
  let tenant: Tenant;
  let core: CoreV1Api;

  before(async () => {
    stack = await shared();
    ({ staging } = stack);
    core = staging.kubernetes.client(CoreV1Api);
    tenant = await Tenant.of(stack.sandbox, staging, team);
    checkout = await stack.checkout();
    await tenant.clone.write({ "stuck/objects.yaml": stringify(configMap({ name: "applied" })) });
    await tenant.applied(
      await tenant.push(
        kustomization({ name: "stuck" }, { sourceRef: gitSource(team), path: "./stuck", targetNamespace: team }),
        ociRepository({ name: "web" }, chartUrl("web"), { ref: { semver: "1.x" } }),
        helmRelease({ name: "web" }, { chart: undefined, chartRef: { kind: "OCIRepository", name: "web" } }),
      ),
    );
    await tenant.flux.waitFor(tenant.own("HelmRelease", "web"), isReady);
    await tenant.flux.waitFor(tenant.own("Kustomization", "stuck"), isReady);
  });
  after(() => scale(1));

  const kubectl = async (...args: readonly string[]) =>
    (await execa("kubectl", args, { env: staging.variables })).stdout;
  const own = (...args: readonly string[]) => kubectl("--namespace", tenant.namespace, ...args);
  const flux = async (...args: readonly string[]) => {
    return (await execa("flux", ["--namespace", tenant.namespace, ...args], { env: staging.variables })).stdout;
  };
  const ofFlux = (...args: readonly string[]) => kubectl("--namespace", "flux-system", ...args);
  async function scale(replicas: number): Promise<void> {
    await ofFlux("scale", "deployment/kustomize-controller", `--replicas=${replicas}`);
    if (replicas > 0) await ofFlux("rollout", "status", "deployment/kustomize-controller", "--timeout=180s");
  }
  /** Starts a controller again, and waits until the new pod is ready and the old one is gone. */
  async function restart(name: string): Promise<void> {
    await ofFlux("rollout", "restart", `deployment/${name}`);
    await ofFlux("rollout", "status", `deployment/${name}`, "--timeout=180s");
  }
  /** The uid of the object that the sync applies. Empty without. */
  const applied = () =>
    own("get", "configmap", "applied", "--ignore-not-found", "--output", "jsonpath={.metadata.uid}");

  /** Deletes the tenant's Kustomization while its controller does not run. @returns the uid of what it applied */
  async function wedge(): Promise<string> {
    await tenant.flux.waitFor(tenant.own("Kustomization", "stuck"), isReady);
    await scale(0);
    // Pods of shards have one part more in their names.
    const pod = /^pod\/kustomize-controller-[^-\s]+-[^-\s]+$/m;
    await waitFor(async () => !pod.test(await ofFlux("get", "pods", "--output=name")), {
      describe: () => "kustomize-controller still runs",
    });
    await own("delete", "kustomization", "stuck", "--wait=false");
    const finalizers = await own("get", "kustomization", "stuck", "--output", "jsonpath={.metadata.finalizers}");
    assert.equal(finalizers, '["finalizers.fluxcd.io"]');
    const uid = await applied();
    assert.notEqual(uid, "");
    return uid;
  }

  it("ends a wedged deletion by its controller, which deletes what the sync applied", async () => {
    const before = await wedge();
    await scale(1);
    await waitFor(async () => (await applied()) !== before, { describe: () => "the object was not deleted" });
    // The sync above it creates it again.
    await tenant.flux.reconcileNow(tenant.sync);
    await waitFor(async () => (await applied()) !== "", { describe: () => "the sync was not created again" });
  });

  it("ends a wedged deletion without its controller, and leaves what the sync applied without an owner", async () => {
    const before = await wedge();
    await own("patch", "kustomization", "stuck", "--type", "merge", "--patch", '{"metadata":{"finalizers":null}}');
    assert.equal(await own("get", "kustomization", "stuck", "--ignore-not-found", "--output=name"), "");
    assert.equal(await applied(), before);
    const labelled = ["get", "configmaps", "--selector", "kustomize.toolkit.fluxcd.io/name=stuck", "--output=name"];
    assert.equal(await own(...labelled), "configmap/applied");
    const context = await kubectl("config", "current-context");
    const { out, err } = await runFleetCommand(staging, checkout, "audit", "--context", context, "--output", "json");
    assert.match(out, /^\{/, err);
    const { findings } = JSON.parse(out) as { readonly findings: readonly { rule: string; object: string }[] };
    const orphans = findings.filter(({ rule, object }) => rule === "object-orphaned" && object.includes(team));
    assert.deepEqual(
      orphans.map(({ object }) => object),
      [`ConfigMap ${team}/applied`],
    );
    await scale(1);
    await tenant.flux.reconcileNow(tenant.sync);
    // An object whose manifest is in Git has an owner again, and stays the same object.
    const tree = () => flux("tree", "kustomization", "stuck").catch(() => "");
    await waitFor(async () => /ConfigMap\/\S*applied/.test(await tree()), {
      timeout: 120_000,
      describe: () => "the inventory does not have the object again",
    });
    assert.equal(await applied(), before);
  });

  /** Leaves the state of a Helm client that was killed in the middle of an upgrade. */
  async function killUpgrade(version: number): Promise<void> {
    const { items } = await core.listNamespacedSecret({ namespace: tenant.namespace, labelSelector: "owner=helm" });
    const [last] = items.filter(({ metadata }) => metadata?.labels?.status === "deployed");
    const text = Buffer.from(last?.data?.release ?? "", "base64").toString("utf8");
    const release = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString("utf8")) as { readonly info: object };
    const killed = { ...release, version, info: { ...release.info, status: "pending-upgrade" } };
    const packed = gzipSync(JSON.stringify(killed)).toString("base64");
    const labels = { ...last?.metadata?.labels, status: "pending-upgrade", version: String(version) };
    await core.createNamespacedSecret({
      namespace: tenant.namespace,
      body: {
        metadata: { name: `sh.helm.release.v1.web.v${version}`, labels },
        type: "helm.sh/release.v1",
        stringData: { release: packed },
      },
    });
    assert.notEqual(await own("get", "secrets", "--selector", pending, "--output=name"), "");
  }

  it("has helm-controller unlock a release in pending-upgrade by itself", async () => {
    await killUpgrade(2);
    await flux("reconcile", "helmrelease", "web", "--reset", "--force");
    await tenant.flux.waitFor(tenant.own("HelmRelease", "web"), isReady);
    assert.equal(await own("get", "secrets", "--selector", pending, "--output=name"), "");
  });

  it("removes the lock of another client of Helm, and upgrades again", async () => {
    await flux("suspend", "helmrelease", "web");
    await killUpgrade(9);
    await own("delete", "secrets", "--selector", `${pending},name=web`);
    await flux("resume", "helmrelease", "web");
    await flux("reconcile", "helmrelease", "web", "--force");
    await tenant.flux.waitFor(tenant.own("HelmRelease", "web"), isReady);
    assert.equal(await own("get", "secrets", "--selector", pending, "--output=name"), "");
    assert.equal(await own("get", "deployment", "web", "--output", "jsonpath={.status.availableReplicas}"), "1");
  });

  it("removes a webhook that a lost state left behind, and none that is in use or of another service", async () => {
    const github = await stack.sandbox.github();
    const path = `repos/:owner/${tenant.repository}/hooks`;
    const hooks = async () => {
      const { body } = await github.api("GET", path);
      return (body as readonly { readonly config: { readonly url: string } }[]).map(({ config }) => config.url).sort();
    };
    const before = await hooks();
    assert.equal(before.length, 1, "the tenant has no webhook of its own");
    const address = (path: string, origin = webhookUrl) => new URL(`/${path}/${"0".repeat(64)}`, origin).href;
    const leftBehind = address("hook");
    const others = [address("hook", "https://ci.example.com"), address("other")];
    for (const url of [leftBehind, ...others]) {
      const config = { url, content_type: "json", secret: "made up" };
      assert.equal((await github.api("POST", path, { name: "web", events: ["push"], config })).status, 201);
    }
    const clean = (...args: readonly string[]) =>
      runFleetCommand(staging, checkout, "clean", "staging", "--unused-for", "0d", ...args);
    const listed = await clean("--dry-run");
    assert.match(listed.out, /webhook/, listed.err);
    assert.deepEqual(await hooks(), [...before, leftBehind, ...others].sort());
    const { code, err } = await clean("--yes");
    assert.equal(code, 0, err);
    assert.deepEqual(await hooks(), [...before, ...others].sort());
  });

  it("shows that a frozen source has no artifact after a restart of source-controller, until the freeze ends", async () => {
    await flux("suspend", "source", "git", team);
    await restart("source-controller");
    await tenant.flux.reconcileNow(tenant.sync);
    await tenant.flux.waitForRefusal(tenant.sync, /^Source is not ready, artifact not found/);
    const { status } = await tenant.flux.get(tenant.source);
    const condition = status?.conditions?.find(({ type }) => type === "Ready");
    assert.equal(condition?.status, "True", "the source says nothing of its loss");
    // Workloads go on.
    assert.equal(await own("get", "deployment", "web", "--output", "jsonpath={.status.availableReplicas}"), "1");
    await flux("resume", "source", "git", team);
    await tenant.flux.reconcileNow(tenant.sync);
    await tenant.flux.waitFor(tenant.sync, isReady);
  });
});
