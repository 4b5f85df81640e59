import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { AppsV1Api, CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { loadKubeconfig } from "../../../control-plane/bootstrap.js";
import { type ControlPlane, startControlPlane } from "../../../control-plane/control-plane.js";
import { type FluxRunner, startFluxRunner } from "../../../flux-runner/flux-runner.js";
import { waitUntil } from "../../../process/readiness.js";
import { fluxVersion as version } from "../../../toolchain/recipes.js";
import { ensureToolchain } from "../../../toolchain/toolchain.js";
import { deployment, eventually, rolledOut, runs, started, temporary, timeoutMs } from "../../support/cluster.js";

const namespace = "flux-system";

describe("the Flux runner", function () {
  this.timeout(4 * timeoutMs);
  let bin: string;
  let place: Awaited<ReturnType<typeof temporary>>;
  let plane: ControlPlane;
  let runner: FluxRunner;
  let admin: KubeConfig;
  let core: CoreV1Api;
  let apps: AppsV1Api;
  let installed: string[];
  /** The controllers that the runner had built. */
  const built: string[] = [];

  before(async function () {
    this.timeout(60 * timeoutMs);
    const toolchain = await ensureToolchain();
    bin = toolchain.bin;
    place = await temporary();
    plane = await startControlPlane({ dir: join(place.dir, "control-plane"), bin, name: "e2e" });
    admin = loadKubeconfig(plane.kubeconfig);
    core = admin.makeApiClient(CoreV1Api);
    apps = admin.makeApiClient(AppsV1Api);
    mkdirSync(controllers());
    for (const name of readdirSync(bin)) if (name !== late) provide(name);
    runner = await start();
    installed = await installFlux(join(toolchain.manifests, version, "install.yaml"));
  });
  after(async () => {
    await runner?.stop();
    await plane?.stop();
    await place?.remove();
  });

  const dir = () => join(place.dir, "flux-runner");
  const controllers = () => join(place.dir, "controllers");
  /** A controller that the toolchain does not have when its pod comes. */
  const late = "image-reflector-controller";
  const provide = (name: string) => symlinkSync(join(bin, name), join(controllers(), name));
  const build = async (name: string) => {
    built.push(name);
    if (name === late) provide(name);
    if (name === "slow-controller") await new Promise(() => undefined);
  };
  const start = () => startFluxRunner({ kubeconfig: plane.kubeconfig, bin: controllers(), build, dir: dir() });

  const kubectl = async (...args: string[]) =>
    (await execa(join(bin, "kubectl"), [`--kubeconfig=${plane.kubeconfig}`, ...args])).stdout;

  /** Applies the release's manifest as it is; answers with the names of its Deployments. */
  async function installFlux(manifest: string): Promise<string[]> {
    await kubectl("apply", "--server-side", "-f", manifest);
    const objects = parseAllDocuments(readFileSync(manifest, "utf8")).map((document) => document.toJS());
    return objects.filter(({ kind }) => kind === "Deployment").map(({ metadata }) => metadata.name);
  }

  async function podsOf(name: string): Promise<V1Pod[]> {
    return (await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })).items;
  }

  /** Waits until the first container of a Deployment's pod waits for a reason; answers with the message. */
  async function waiting(name: string, reason: string): Promise<string> {
    let message = "";
    await waitUntil(
      async () => {
        const state = (await podsOf(name))[0]?.status?.containerStatuses?.[0]?.state?.waiting;
        message = state?.message ?? "";
        return state?.reason === reason;
      },
      { what: `${reason} of ${name}`, timeout: timeoutMs },
    );
    return message;
  }

  it("never lets a controller get ready that was given an unknown flag, and names the flag", async () => {
    const name = "bad-flag";
    const image = "registry.example/fluxcd/kustomize-controller:v1.9.3";
    // As released: without a probe, a container is Ready as long as its process has not ended yet.
    const probed = {
      ports: [{ name: "healthz", containerPort: 9440 }],
      readinessProbe: { httpGet: { path: "/readyz", port: "healthz" } },
    };
    await apps.createNamespacedDeployment({
      namespace,
      body: deployment(name, { image, args: ["--no-such-flag=true"], ...probed }),
    });
    assert.match(await waiting(name, "CrashLoopBackOff"), /exit code 2:\s.*unknown flag: --no-such-flag/);
    const [pod] = await podsOf(name);
    assert.equal(pod?.status?.conditions?.find(({ type }) => type === "Ready")?.status, "False");
    assert.equal((await apps.readNamespacedDeployment({ namespace, name })).status?.availableReplicas ?? 0, 0);
    await apps.deleteNamespacedDeployment({ namespace, name });
  });

  it("does not pretend to run what it cannot", async () => {
    const name = "not-flux";
    await apps.createNamespacedDeployment({
      namespace,
      body: deployment(name, { image: "registry.example/other:v1" }),
    });
    assert.match(await waiting(name, "ImagePullBackOff"), /registry.example\/other:v1.*only controllers that it has/);
    await apps.deleteNamespacedDeployment({ namespace, name });
    await waitUntil(async () => (await podsOf(name)).length === 0, { what: "the end of its pod", timeout: timeoutMs });
  });

  it("says so while it builds a controller, and removes a pod that is deleted meanwhile", async () => {
    const name = "slow-controller";
    await apps.createNamespacedDeployment({
      namespace,
      body: deployment(name, { image: `registry.example/fluxcd/${name}:v1` }),
    });
    await waitUntil(() => built.includes(name), { what: "the build", timeout: timeoutMs });
    assert.equal(await waiting(name, "ContainerCreating"), `The sandbox builds ${name}.`);
    await apps.deleteNamespacedDeployment({ namespace, name });
    await waitUntil(async () => (await podsOf(name)).length === 0, { what: "the end of its pod", timeout: timeoutMs });
  });

  it("does not pretend to run a controller that cannot be built", async () => {
    const name = "no-such-controller";
    await apps.createNamespacedDeployment({
      namespace,
      body: deployment(name, { image: `registry.example/fluxcd/${name}:v1` }),
    });
    assert.match(await waiting(name, "ImagePullBackOff"), /the sandbox's toolchain has no no-such-controller/);
    assert.ok(built.includes(name));
    await apps.deleteNamespacedDeployment({ namespace, name });
  });

  it("gets every controller of a release ready, unchanged as it is published, and builds the one that is missing", async () => {
    assert.ok(installed.includes("source-controller") && installed.includes("kustomize-controller"));
    for (const name of installed) await rolledOut(admin, namespace, name);
    assert.ok(installed.includes(late));
    assert.deepEqual(
      built.filter((name) => installed.includes(name)),
      [late],
    );
  });

  it("lets a controller act only as its own service account, by a token that is bound to its pod", async () => {
    const [pod] = await podsOf("kustomize-controller");
    const file = join(dir(), "pods", `${pod?.metadata?.name}_${pod?.metadata?.uid}`, "kubeconfig");
    assert.doesNotMatch(readFileSync(file, "utf8"), /client-key-data|client-certificate/);
    const { stdout } = await execa(join(bin, "kubectl"), [`--kubeconfig=${file}`, "auth", "whoami", "--output=json"]);
    const { userInfo } = JSON.parse(stdout).status;
    assert.equal(userInfo.username, `system:serviceaccount:${namespace}:kustomize-controller`);
    assert.deepEqual(userInfo.extra["authentication.kubernetes.io/pod-name"], [pod?.metadata?.name]);
  });

  it("receives webhooks on a fixed address", async () => {
    const response = await fetch(new URL("hook/none", runner.receiverUrl), { method: "POST" });
    assert.equal(response.status, 404);
  });

  it("shows a controller's log to kubectl", async () => {
    const log = await kubectl("logs", "-n", namespace, "deploy/source-controller", "--tail=50");
    assert.match(log, /"level":"info"/);
  });

  it("replaces a process when its Deployment changes, and tidies up after the old one", async () => {
    const name = "helm-controller";
    const before = started(runner.pids());
    const [old] = await podsOf(name);
    const live = await apps.readNamespacedDeployment({ namespace, name });
    live.spec?.template.spec?.containers[0]?.args?.push("--concurrent=3");
    await apps.replaceNamespacedDeployment({ namespace, name, body: live });
    await rolledOut(admin, namespace, name);
    await waitUntil(async () => (await podsOf(name)).length === 1, {
      what: "the end of the old pod",
      timeout: timeoutMs,
    });
    const ended = before.filter((process) => !runs(process));
    assert.equal(ended.length, 1);
    assert.equal(runner.pids().length, before.length);
    await waitUntil(() => !existsSync(join(dir(), "pods", `${old?.metadata?.name}_${old?.metadata?.uid}`)), {
      what: "the removal of what the old pod kept",
      timeout: timeoutMs,
    });
  });

  it("restarts a controller that was killed, and counts it", async () => {
    const [pod] = await podsOf("notification-controller");
    const records = JSON.parse(readFileSync(join(dir(), "processes.json"), "utf8")) as { name: string; pid: number }[];
    const victim = records.find(({ name }) => name === pod?.metadata?.name);
    assert.ok(victim !== undefined);
    const restarts = restartsOf(pod);
    process.kill(victim.pid, "SIGKILL");
    await waitUntil(
      async () => {
        const status = (await podsOf("notification-controller"))[0]?.status?.containerStatuses?.[0];
        return status?.restartCount === restarts + 1 && status.ready && status.lastState?.terminated?.signal === 9;
      },
      { what: "the restart", timeout: timeoutMs },
    );
  });

  it("goes on when the API server was away", async () => {
    const file = join(place.dir, "control-plane", "processes.json");
    const records = JSON.parse(readFileSync(file, "utf8")) as { name: string; pid: number }[];
    const server = records.find(({ name }) => name === "kube-apiserver");
    assert.ok(server !== undefined);
    const [killed] = started([server.pid]);
    process.kill(server.pid, "SIGKILL");
    await waitUntil(() => killed !== undefined && !runs(killed), {
      what: "the end of the API server",
      timeout: timeoutMs,
    });
    const [old] = await eventually(() => podsOf("image-reflector-controller"));
    await core.deleteNamespacedPod({ namespace, name: old?.metadata?.name ?? "" });
    await waitUntil(
      async () => {
        const pods = await podsOf("image-reflector-controller");
        return pods.length === 1 && pods[0]?.metadata?.uid !== old?.metadata?.uid;
      },
      { what: "the next pod", timeout: timeoutMs },
    );
    await rolledOut(admin, namespace, "image-reflector-controller");
  });

  it("ends every process when it stops, and runs the same pods when it starts again", async () => {
    const [before] = await podsOf("source-controller");
    const { receiverUrl } = runner;
    const processes = started(runner.pids());
    const restarts = restartsOf(before);
    await runner.stop();
    assert.deepEqual(processes.filter(runs), []);
    assert.notEqual(
      (await podsOf("source-controller"))[0]?.status?.conditions?.find(({ type }) => type === "Ready")?.status,
      "True",
    );

    runner = await start();
    for (const name of installed) await rolledOut(admin, namespace, name);
    const [after_] = await podsOf("source-controller");
    assert.equal(after_?.metadata?.uid, before?.metadata?.uid);
    assert.equal(restartsOf(after_), restarts + 1);
    assert.equal(runner.receiverUrl, receiverUrl);
  });

  it("removes pods that are deleted, with their processes", async () => {
    for (const name of installed) await apps.deleteNamespacedDeployment({ namespace, name });
    await waitUntil(async () => (await core.listNamespacedPod({ namespace })).items.length === 0, {
      what: "the end of all pods",
      timeout: timeoutMs,
    });
    await waitUntil(() => runner.pids().length === 0 && readdirSync(join(dir(), "pods")).length === 0, {
      what: "the end of all processes",
      timeout: timeoutMs,
    });
  });
});

/** How often the pod's controller was started again. */
function restartsOf(pod: V1Pod | undefined): number {
  return pod?.status?.containerStatuses?.[0]?.restartCount ?? 0;
}
