import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ApiException, AppsV1Api, BatchV1Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { loadKubeconfig } from "../../../control-plane/bootstrap.js";
import { type ControlPlane, startControlPlane } from "../../../control-plane/control-plane.js";
import { waitUntil } from "../../../process/readiness.js";
import { ensureToolchain } from "../../../toolchain/toolchain.js";
import {
  asServiceAccount,
  deployment,
  namespaceGone,
  rolledOut,
  runs,
  started,
  temporary,
  timeoutMs,
  withToken,
} from "../../support/cluster.js";

describe("the control plane", function () {
  this.timeout(4 * timeoutMs);
  let bin: string;
  let place: Awaited<ReturnType<typeof temporary>>;
  let plane: ControlPlane;
  let admin: KubeConfig;
  let core: CoreV1Api;

  before(async function () {
    this.timeout(60 * timeoutMs);
    bin = (await ensureToolchain()).bin;
    place = await temporary();
    await start();
  });
  after(async () => {
    await plane?.stop();
    await place?.remove();
  });

  async function start(): Promise<void> {
    plane = await startControlPlane({ dir: place.dir, bin, name: "e2e" });
    admin = loadKubeconfig(plane.kubeconfig);
    core = admin.makeApiClient(CoreV1Api);
  }

  const refusal = (code: number) => (error: unknown) => error instanceof ApiException && error.code === code;

  it("admits no one without credentials", async () => {
    const anonymous = withToken(admin, undefined).makeApiClient(CoreV1Api);
    await assert.rejects(anonymous.listNamespace(), refusal(401));
    const forged = withToken(admin, "eyJhbGciOiJub25lIn0.e30.").makeApiClient(CoreV1Api);
    await assert.rejects(forged.listNamespace(), refusal(401));
  });

  it("denies a service account everything that no role gives it", async () => {
    const plain = (await asServiceAccount(admin, "default", "default")).makeApiClient(CoreV1Api);
    await assert.rejects(plain.listNamespacedSecret({ namespace: "kube-system" }), refusal(403));
    await assert.rejects(plain.createNamespace({ body: { metadata: { name: "mine" } } }), refusal(403));
  });

  it("enforces Pod Security where a namespace asks for it", async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name: "restricted", labels } } });
    const containers = [{ name: "root", image: "x", securityContext: { privileged: true } }];
    const body = { metadata: { name: "root" }, spec: { containers } };
    await waitUntil(
      async () => (await core.listNamespacedServiceAccount({ namespace: "restricted" })).items.length > 0,
      { what: "the default service account", timeout: timeoutMs },
    );
    await assert.rejects(
      core.createNamespacedPod({ namespace: "restricted", body }),
      (error: unknown) => error instanceof ApiException && error.code === 403 && /PodSecurity/.test(String(error.body)),
    );
  });

  it("gives its administrator a kubeconfig that no other user can read", () => {
    assert.equal(statSync(plane.kubeconfig).mode & 0o077, 0);
    assert.equal(readFileSync(plane.ca, "utf8").includes("PRIVATE KEY"), false);
  });

  it("has what a bare cluster has: default service accounts, its public roots, a node that is Ready", async () => {
    await core.readNamespacedServiceAccount({ namespace: "default", name: "default" });
    const { items } = await core.listNode();
    assert.deepEqual(
      items.map((node) => node.metadata?.name),
      ["fleet-node-0"],
    );
  });

  it("runs what tenants deploy, even when they call it a part of Flux, and ends it with its namespace", async () => {
    await core.createNamespace({ body: { metadata: { name: "tenant" } } });
    const apps = admin.makeApiClient(AppsV1Api);
    const body = deployment("web", { image: "made-up.example/web:v1" });
    const labels = { app: "web", "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/instance": "flux-system" };
    if (body.spec !== undefined) body.spec.template.metadata = { labels };
    await apps.createNamespacedDeployment({ namespace: "tenant", body });
    await rolledOut(admin, "tenant", "web");
    await core.deleteNamespace({ name: "tenant" });
    await namespaceGone(admin, "tenant");
  });

  it("completes Jobs", async () => {
    const batch = admin.makeApiClient(BatchV1Api);
    const template = {
      spec: { restartPolicy: "Never", containers: [{ name: "once", image: "made-up.example/once:v1" }] },
    };
    await batch.createNamespacedJob({ namespace: "default", body: { metadata: { name: "once" }, spec: { template } } });
    await waitUntil(
      async () => (await batch.readNamespacedJob({ namespace: "default", name: "once" })).status?.succeeded === 1,
      { what: "the Job", timeout: timeoutMs },
    );
  });

  it("starts a component again that was killed", async () => {
    const records = JSON.parse(readFileSync(join(place.dir, "processes.json"), "utf8")) as {
      name: string;
      pid: number;
    }[];
    const scheduler = records.find(({ name }) => name === "kube-scheduler");
    assert.ok(scheduler !== undefined);
    process.kill(scheduler.pid, "SIGKILL");
    const body = deployment("after", { image: "made-up.example/after:v1" });
    await admin.makeApiClient(AppsV1Api).createNamespacedDeployment({ namespace: "default", body });
    await rolledOut(admin, "default", "after");
  });

  it("leaves no process behind when it stops, and is the same cluster when it starts again", async () => {
    const before = { server: plane.server, ca: readFileSync(plane.ca, "utf8"), processes: started(plane.pids()) };
    const held = await asServiceAccount(admin, "default", "default");
    await core.createNamespacedConfigMap({
      namespace: "default",
      body: { metadata: { name: "kept" }, data: { a: "b" } },
    });
    await plane.stop();
    assert.deepEqual(before.processes.filter(runs), []);

    await start();
    assert.equal(plane.server, before.server);
    assert.equal(readFileSync(plane.ca, "utf8"), before.ca);
    assert.deepEqual((await core.readNamespacedConfigMap({ namespace: "default", name: "kept" })).data, { a: "b" });
    // A token of before is still one of this cluster: known, and denied for want of a role.
    await assert.rejects(held.makeApiClient(CoreV1Api).listNamespace(), refusal(403));
  });
});
