import assert from "node:assert/strict";
import { join } from "node:path";
import { CoreV1Api, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import { isReady, ready } from "../../support/e2e/flux-objects.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { withoutPolicy } from "../../support/e2e/without-policy.js";
import { configMap } from "../../support/objects/configuration.js";
import { type Fields, reference } from "../../support/objects/object.js";
import { chartFiles } from "../../support/objects/repository-files.js";
import { helmRelease, kustomization } from "../../support/objects/syncs.js";

const key = "sharding.fluxcd.io/key";
const shard = "untrusted";
const secondShard = "second";

/** CEL that takes an hour: ten loops, one in the other. */
const loops = `${"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(x, ".repeat(10)}true${")".repeat(10)}`;
/** CEL that makes a text of 7 GB: each function makes it nine times as long. */
const growing = `'a'${".replace('', 'bbbbbbbb')".repeat(10)} == ''`;

/** A tenant in a shard, one in another shard, and one in none, on the real controllers of all three. */
describe("A tenant in a shard", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant("team-untrusted", () => ({
    base: { shard },
    settings: { shards: [shard, secondShard] },
  }));
  declareTenant("team-beside", () => ({}));
  declareTenant("team-second", () => ({ base: { shard: secondShard } }));
  let stack: SharedStack;
  let staging: TestEnvironment;
  let core: CoreV1Api;
  let untrusted: Tenant;
  let beside: Tenant;
  let second: Tenant;

  before(async () => {
    stack = await shared();
    const { sandbox } = stack;
    ({ staging } = stack);
    core = staging.kubernetes.client(CoreV1Api);
    untrusted = await Tenant.of(sandbox, staging, "team-untrusted");
    beside = await Tenant.of(sandbox, staging, "team-beside");
    second = await Tenant.of(sandbox, staging, "team-second");
  });

  /** The only pod of a controller, with its log. */
  async function podOf(controller: string) {
    const namespace = "flux-system";
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${controller}` });
    const [pod, ...others] = items;
    assert.ok(pod?.metadata?.name && others.length === 0, controller);
    return { name: pod.metadata.name, namespace, restarts: pod.status?.containerStatuses?.[0]?.restartCount ?? 0 };
  }
  async function logOf(controller: string): Promise<string> {
    return core.readNamespacedPodLog(await podOf(controller));
  }

  /** Waits until the container of a pod has ended and started again. */
  async function restarted({ name, namespace, restarts }: Awaited<ReturnType<typeof podOf>>): Promise<void> {
    const now = async () => (await core.readNamespacedPod({ name, namespace })).status?.containerStatuses?.[0];
    const more = async () => ((await now())?.restartCount ?? 0) > restarts;
    await waitFor(more, { timeout: 180_000, describe: async () => JSON.stringify(await now()) });
  }

  /** Pushes a change of a tenant outside of the shard, and waits until it is applied. */
  async function neighbourSynced(neighbour = beside): Promise<void> {
    await neighbour.applied(await neighbour.push(configMap({ name: "own" }, { at: String(Date.now()) })));
  }
  /** The same for the tenant without a shard and the one in the second shard, side by side. */
  async function neighboursSynced(): Promise<void> {
    await Promise.all([
      printed("while it is down, a neighbour's push is applied", () => neighbourSynced()),
      printed("and in the second shard", () => neighbourSynced(second)),
    ]);
  }
  /** The kustomize-controllers of the neighbours. */
  function neighboursPods() {
    return Promise.all(["kustomize-controller", `kustomize-controller-${secondShard}`].map(podOf));
  }

  /** Pushes a Kustomization that puts a large variable into a manifest many times: 900 MB of text. */
  async function pushSubstitutions(): Promise<void> {
    const sourceRef = { kind: "GitRepository", name: untrusted.name };
    const postBuild = { substituteFrom: [{ kind: "ConfigMap", name: "variable" }] };
    const spec: Fields = { sourceRef, path: "./substitutions", targetNamespace: untrusted.namespace, postBuild };
    const text = `\${text}`.repeat(1000);
    await untrusted.clone.write({ "substitutions/object.yaml": stringify(configMap({ name: "large" }, { text })) });
    const variable = configMap({ name: "variable" }, { text: "x".repeat(900_000) });
    await untrusted.push(variable, kustomization({ name: "substitutions" }, spec));
  }

  /** Replaces the chart of a tenant's repository, and pushes a release of it. */
  async function pushRelease(tenant: Tenant, value: string, release: KubernetesObject): Promise<string> {
    await tenant.clone.write(chartFiles("chart", configMap({ name: "of-chart" }, { value }), "chart/"));
    return tenant.push(release);
  }

  /** A release of the chart in the tenant's own repository. @param labels of its HelmChart. @default none */
  function releaseOf(tenant: Tenant, labels?: Readonly<Record<string, string>>) {
    const source = { chart: "./chart", sourceRef: { kind: "GitRepository", name: tenant.name } };
    const chart = { spec: { ...source, reconcileStrategy: "Revision" }, ...(labels && { metadata: { labels } }) };
    return helmRelease({ name: "shop" }, { chart });
  }

  /** Pushes a Kustomization that applies another one, which applies a ConfigMap. */
  async function pushNested(): Promise<string> {
    const { name, namespace: targetNamespace } = untrusted;
    const own = { sourceRef: { kind: "GitRepository", name }, path: "./nested", targetNamespace };
    await untrusted.clone.write({
      "nested/inner.yaml": stringify(kustomization({ name: "inner" }, { ...own, path: "./inner" })),
      "inner/object.yaml": stringify(configMap({ name: "inner" }, { a: "b" })),
    });
    return untrusted.push(kustomization({ name: "nested" }, { ...own, wait: true, timeout: "1m" }));
  }

  it("is reconciled by the controllers of the shard, and not by the main ones", async () => {
    await untrusted.applied(await untrusted.push(configMap({ name: "own" }, { a: "b" })));
    await beside.applied(await beside.push(configMap({ name: "own" }, { a: "b" })));
    await neighbourSynced(second);
    for (const controller of ["source-controller", "kustomize-controller"]) {
      const [ofShard, main] = [await logOf(`${controller}-${shard}`), await logOf(controller)];
      assert.ok(ofShard.includes('"namespace":"team-untrusted"'), controller);
      assert.ok(!ofShard.includes('"namespace":"team-beside"'), controller);
      assert.ok(main.includes('"namespace":"team-beside"'), controller);
      assert.ok(!main.includes('"namespace":"team-untrusted"'), controller);
      const ofSecond = await logOf(`${controller}-${secondShard}`);
      assert.ok(ofSecond.includes('"namespace":"team-second"'), controller);
      assert.ok(!/"namespace":"team-(?:untrusted|beside)"/.test(ofSecond), controller);
    }
  });

  it("need not name the shard in its files: what it pushes has the label, and what its own syncs apply as well", async () => {
    await untrusted.applied(await pushNested());
    for (const one of ["nested", "inner"]) {
      const { metadata } = await untrusted.flux.waitFor(untrusted.own("Kustomization", one), isReady);
      assert.equal(metadata.labels?.[key], shard, one);
    }
  });

  it("reads in its sync which label the chart of a release needs, and is served by the shard with it", async () => {
    await pushRelease(untrusted, "harmless", releaseOf(untrusted));
    await untrusted.flux.waitForRefusal(
      untrusted.sync,
      /fleet-shards.*spec\.chart\.metadata\.labels must name .*: set sharding\.fluxcd\.io\/key: untrusted/,
    );
    const commit = await pushRelease(untrusted, "harmless", releaseOf(untrusted, { [key]: shard }));
    await untrusted.applied(commit);
    assert.ok((await logOf(`helm-controller-${shard}`)).includes('"namespace":"team-untrusted"'));
    assert.ok(!(await logOf("helm-controller")).includes('"namespace":"team-untrusted"'));
  });

  it("ends the helm-controller of its shard by a hostile chart, while others have releases installed", async () => {
    const others = () => Promise.all(["helm-controller", `helm-controller-${secondShard}`].map(podOf));
    const before = await others();
    const hostile = '{{ repeat 3000000000 "a" | len }}';
    const release = releaseOf(untrusted, { [key]: shard });
    const pushed = await pushRelease(untrusted, hostile, release);
    await untrusted.attempted(pushed);
    const ended = async () => (await podOf(`helm-controller-${shard}`)).restarts > 0;
    await waitFor(ended, { timeout: 180_000, describe: () => `helm-controller-${shard} goes on` });
    await beside.applied(await pushRelease(beside, "harmless", releaseOf(beside)));
    assert.deepEqual(await others(), before);
  });

  /** A Kustomization of the tenant that is ready after an expression has been evaluated. */
  function evaluated(name: string, readyExpr: string): KubernetesObject {
    const { namespace } = untrusted;
    const dependsOn = [{ name: untrusted.name, readyExpr }];
    const sourceRef = { kind: "GitRepository", name: untrusted.name };
    return kustomization({ name, namespace, labels: { [key]: shard } }, { sourceRef, path: "./nested", dependsOn });
  }

  it("ends the kustomize-controller of its shard by CEL without the policy that refuses it, and others are synced", async () => {
    const [before, attacked] = [await neighboursPods(), await podOf(`kustomize-controller-${shard}`)];
    const { namespace } = untrusted;
    const account = await staging.kubernetes.serviceAccount(namespace, "reconciler");
    const [asTenant, asked] = [KubernetesObjectApi.makeApiClient(account), new DryRun(account)];
    const [endless, filling] = [evaluated("endless", loops), evaluated("filling", growing)];
    for (const one of [endless, filling]) {
      assert.match((await asked.create(one)) ?? "admitted", /fleet-flux-sync.*expressions must be cheap to evaluate/);
    }
    const admitted = async () => (await asked.create(endless)) === undefined;
    await withoutPolicy(staging.kubernetes, "fleet-flux-sync", admitted, async () => {
      await asTenant.create(endless);
      await untrusted.flux.waitFor(untrusted.own("Kustomization", "endless"), ({ metadata }) => hasFinalizer(metadata));
      await printed("while the shard evaluates loops, a neighbour's push is applied", () => neighbourSynced());
      await asTenant.delete(endless);
      await printed("and the next one", () => neighbourSynced());
      // The worker that evaluates holds the object's finalizer.
      await untrusted.flux.get(untrusted.own("Kustomization", "endless"));
      await asTenant.create(filling);
      await printed("the shard's kustomize-controller is restarted after a growing text", () => restarted(attacked));
      await asTenant.delete(filling);
      await neighboursSynced();
    });
    assert.deepEqual(await neighboursPods(), before);
  });

  it("goes on when the release and the expressions are gone", async () => {
    const commit = await untrusted.push(configMap({ name: "own" }, { a: "c" }));
    await untrusted.applied(commit);
    await waitFor(
      async () => {
        const objects = [await untrusted.flux.list("HelmRelease"), await untrusted.flux.list("Kustomization")].flat();
        const names = ["shop", "endless", "filling"];
        return !objects.some(
          ({ metadata }) => metadata.namespace === untrusted.namespace && names.includes(metadata.name),
        );
      },
      { timeout: 180_000, describe: async () => JSON.stringify((await untrusted.flux.list("HelmRelease")).map(ready)) },
    );
  });

  it("ends the kustomize-controller of its shard by substitutions, and others are synced", async () => {
    const [before, attacked] = [await neighboursPods(), await podOf(`kustomize-controller-${shard}`)];
    await pushSubstitutions();
    await printed("the shard's kustomize-controller is restarted after substitutions", () => restarted(attacked));
    await neighboursSynced();
    assert.deepEqual(await neighboursPods(), before);
  });

  it("goes on when an administrator has suspended the Kustomization with the substitutions", async () => {
    const { namespace } = untrusted;
    const which = reference("Kustomization", { name: "substitutions", namespace });
    const change = { ...which, spec: { suspend: true } };
    const admin = staging.kubernetes.objects();
    await admin.patch(change, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
    await printed("the shard goes on", async () => untrusted.applied(await untrusted.push(configMap({ name: "own" }))));
  });

  it("moves out of the shard by its file, and the main controllers go on with all that it applied", async () => {
    await untrusted.applied(await pushNested());
    const program = await stack.copy();
    await editYaml(join(program, "stacks", "base", "tenants", "team-untrusted.yaml"), (file) =>
      file.deleteIn(["shard"]),
    );
    await stack.up(program);
    const nested = ["nested", "inner"].map((name) => untrusted.own("Kustomization", name));
    for (const one of [untrusted.source, untrusted.sync, ...nested]) {
      await untrusted.flux.waitFor(one, (object) => object.metadata.labels?.[key] === undefined && isReady(object));
    }
    await untrusted.applied(await untrusted.push(configMap({ name: "own" }, { a: "d" })));
    assert.ok((await logOf("kustomize-controller")).includes('"namespace":"team-untrusted"'));
  });
});

/** Whether a controller has begun with an object. */
function hasFinalizer({ finalizers = [] }: { readonly finalizers?: readonly string[] }): boolean {
  return finalizers.length > 0;
}

/** Prints the seconds that something takes, for the measures in docs/security.md. */
async function printed(title: string, what: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await what();
  process.stdout.write(`      ${title}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
