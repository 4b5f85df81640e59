import assert from "node:assert/strict";
import { join } from "node:path";
import { ApiException, AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { dayOf } from "../../../lib/time/calendar-day.js";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import { isReady } from "../../support/e2e/flux-objects.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { ageKey, sealedSecret } from "../../support/e2e/sealed.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap as configMapOf } from "../../support/objects/configuration.js";
import { deployment, podSpec } from "../../support/objects/workloads.js";

const team = "team-syncs";
const soon = { retryInterval: "10s" };

/** The fields of a tenant file about how syncs apply, wait and are removed, each on a sync of its own. */
describe("A tenant's syncs", function () {
  this.timeout(15 * 60_000);
  let stack: SharedStack;
  let staging: TestEnvironment;
  let tenant: Tenant;
  let core: CoreV1Api;
  /** The program with the changes of these tests. */
  let program: string;

  const lastDay = dayOf(Date.now() + 30 * 24 * 60 * 60_000);

  const shared = declareTenant(team, () => ({
    overlay: {
      syncs: {
        sealed: { path: "./sealed", decryption: { secret: "sops-age" }, ...soon },
        varied: {
          path: "./varied",
          substitute: { zone: "b" },
          substituteFrom: [
            { kind: "ConfigMap", name: "settings" },
            { kind: "Secret", name: "tuning" },
            { kind: "ConfigMap", name: "absent", optional: true },
          ],
          ...soon,
        },
        checked: {
          path: "./checked",
          healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "shop" }],
          timeout: "10s",
          ...soon,
        },
        forced: { path: "./forced", force: true, ...soon },
        unpruned: { path: "./unpruned", prune: false, pruneOffUntil: lastDay, ...soon },
        paused: { path: "./paused", suspend: true, suspendUntil: lastDay, ...soon },
        held: { path: "./held", ref: { branch: "held" }, ...soon },
        kept: { path: "./kept", deletionPolicy: "Orphan", ...soon },
        dropped: { path: "./dropped", deletionPolicy: "Delete", ...soon },
      },
    },
  }));
  before(async () => {
    stack = await shared();
    ({ staging } = stack);
    core = staging.kubernetes.client(CoreV1Api);
    tenant = await Tenant.of(stack.sandbox, staging, team);
  });

  /** Has a folder of the repository hold these objects and no others, and Flux look at it. */
  async function push(folder: string, ...objects: readonly (KubernetesObject | string)[]): Promise<void> {
    const texts = objects.map((object) => (typeof object === "string" ? object : stringify(object)));
    await tenant.clone.commitAndPush(folder, { [`${folder}/objects.yaml`]: texts.join("---\n") });
    await tenant.syncNow();
  }
  /** Pushes the folder of the sync that follows a branch of its own, also to that branch. */
  async function pushHeld(content: string): Promise<void> {
    await push("held", configMapOf({ name: "held" }, { push: content }));
    await tenant.clone.git("push", "--quiet", "origin", "HEAD:refs/heads/held");
    await tenant.flux.reconcileNow(tenant.own("GitRepository", "held"));
  }
  const configMap = async (name: string) => ({
    ...(await core.readNamespacedConfigMap({ namespace: tenant.namespace, name })).data,
  });
  const secret = (name: string, stringData: Readonly<Record<string, string>>) =>
    core.createNamespacedSecret({ namespace: tenant.namespace, body: { metadata: { name }, stringData } });

  it("open what SOPS has sealed for the key in the Secret that the file names, and nothing before it is there", async () => {
    const key = await ageKey();
    await push("sealed", await sealedSecret("sealed", { password: "made up" }, key.recipient));
    const sync = tenant.own("Kustomization", "sealed");
    await tenant.flux.waitForRefusal(sync, /sops-age/);
    await secret("sops-age", { "key.agekey": key.identity });
    await tenant.flux.waitFor(sync, isReady);
    const { data } = await core.readNamespacedSecret({ namespace: tenant.namespace, name: "sealed" });
    assert.deepEqual({ ...data }, { password: Buffer.from("made up").toString("base64") });
  });

  it("put in the variables of the file, of a ConfigMap and of a Secret, and do without what may be missing", async () => {
    const variable = (name: string) => ["$", "{", name, "}"].join("");
    const data = { at: `${variable("region")}-${variable("zone")}`, size: variable("size") };
    await push("varied", configMapOf({ name: "varied" }, data));
    const sync = tenant.own("Kustomization", "varied");
    await tenant.flux.waitForRefusal(sync, /settings/);
    await core.createNamespacedConfigMap({
      namespace: tenant.namespace,
      body: { metadata: { name: "settings" }, data: { region: "eu" } },
    });
    await tenant.flux.waitForRefusal(sync, /tuning/);
    await secret("tuning", { size: "large" });
    await tenant.flux.waitFor(sync, isReady);
    assert.deepEqual(await configMap("varied"), { at: "eu-b", size: "large" });
  });

  it("are Ready once the Deployment of their health check is available, even if others are not", async () => {
    const sync = tenant.own("Kustomization", "checked");
    await push("checked", deployment({ name: "shop" }, nowhere), deployment({ name: "idle" }, nowhere));
    const message = await tenant.flux.waitForRefusal(sync, /health check failed/);
    assert.match(message, /Deployment\/team-syncs\/shop/);
    assert.doesNotMatch(message, /idle/);

    await push("checked", deployment({ name: "shop" }), deployment({ name: "idle" }, nowhere));
    await tenant.flux.waitFor(sync, isReady);
    const apps = staging.kubernetes.client(AppsV1Api);
    const available = async (name: string) =>
      (await apps.readNamespacedDeployment({ namespace: tenant.namespace, name })).status?.availableReplicas ?? 0;
    assert.deepEqual([await available("shop"), await available("idle")], [1, 0]);
  });

  it("create an object that cannot be changed again by force, and fail without", async () => {
    const fixed = (data: string) => ({ ...configMapOf({ name: "fixed" }, { data }), immutable: true });
    const uid = async (name: string) =>
      (await core.readNamespacedConfigMap({ namespace: tenant.namespace, name })).metadata?.uid;
    const other = (data: string) => ({ ...configMapOf({ name: "fixed-too" }, { data }), immutable: true });
    await push("unpruned", other("first"), configMapOf({ name: "left" }));
    await push("forced", fixed("first"), configMapOf({ name: "pruned" }));
    for (const name of ["forced", "unpruned"]) await tenant.flux.waitFor(tenant.own("Kustomization", name), isReady);
    const before = { fixed: await uid("fixed"), other: await uid("fixed-too") };

    await push("unpruned", other("second"), configMapOf({ name: "left" }));
    await push("forced", fixed("second"), configMapOf({ name: "pruned" }));
    await tenant.flux.waitForRefusal(tenant.own("Kustomization", "unpruned"), /immutable/);
    await waitFor(async () => (await configMap("fixed")).data === "second", {
      describe: async () => JSON.stringify((await tenant.flux.get(tenant.own("Kustomization", "forced"))).status),
    });
    assert.notEqual(await uid("fixed"), before.fixed);
    assert.deepEqual([await configMap("fixed-too"), await uid("fixed-too")], [{ data: "first" }, before.other]);
  });

  it("delete what leaves Git, and leave it with prune: false", async () => {
    await push("unpruned", configMapOf({ name: "next" }));
    await push("forced", configMapOf({ name: "next-by-force" }));
    await waitFor(async () => (await gone(configMap("pruned"))) ?? true, { describe: () => "pruned is still there" });
    const newest = await tenant.clone.git("rev-parse", "HEAD");
    await tenant.flux.waitFor(
      tenant.own("Kustomization", "unpruned"),
      (object) => isReady(object) && object.status?.lastAppliedRevision?.endsWith(newest) === true,
    );
    await configMap("next");
    // It stood in the folder before, and the sync has applied a revision without it.
    await configMap("left");
    await configMap("fixed-too");
    const { metadata } = await tenant.flux.get(tenant.own("Kustomization", "unpruned"));
    assert.equal(metadata.annotations?.["fleet.dev/prune-off-until"], lastDay);
  });

  it("apply nothing while the file suspends them", async () => {
    await push("paused", configMapOf({ name: "paused" }));
    const newest = await tenant.clone.git("rev-parse", "HEAD");
    await tenant.flux.waitFor(
      tenant.own("Kustomization", "forced"),
      (object) => object.status?.lastAppliedRevision?.endsWith(newest) === true,
    );
    const { metadata, status } = await tenant.flux.get(tenant.own("Kustomization", "paused"));
    assert.equal(metadata.annotations?.["fleet.dev/suspended-until"], lastDay);
    assert.equal(status?.lastAttemptedRevision, undefined);
    await gone(configMap("paused"));
  });

  it("follow a branch of their own", async () => {
    await pushHeld("first");
    await tenant.flux.waitFor(tenant.own("Kustomization", "held"), isReady);
    assert.deepEqual(await configMap("held"), { push: "first" });
  });

  it("leave what they applied when they are taken out of the file, or take it along, as it says", async () => {
    const syncs = ["kept", "dropped"];
    for (const name of syncs) {
      await push(name, configMapOf({ name }, { by: name }));
      await tenant.flux.waitFor(tenant.own("Kustomization", name), isReady);
      assert.deepEqual(await configMap(name), { by: name });
    }
    program = await stack.copy();
    await editYaml(join(program, "stacks", "staging", "tenants", `${team}.yaml`), (file) => {
      for (const name of syncs) file.deleteIn(["syncs", name]);
      for (const field of ["suspend", "suspendUntil"]) file.deleteIn(["syncs", "paused", field]);
      file.setIn(["syncs", "held", "freeze"], { until: lastDay, reason: "An audit" });
    });
    const printed = await stack.up(program);
    assert.match(printed, new RegExp(`Pruning of the sync unpruned in the namespace ${team} is off until ${lastDay}`));
    assert.match(printed, new RegExp(`The sync held in the namespace ${team} is frozen .*${lastDay}.*: An audit\\.`));
    for (const name of syncs) await gone(tenant.flux.get(tenant.own("Kustomization", name)));
    // Flux has finished with what it takes along before the sync itself goes; Kubernetes may take a moment more.
    await waitFor(async () => (await gone(configMap("dropped"))) ?? true, { describe: () => "dropped is still there" });
    assert.deepEqual(await configMap("kept"), { by: "kept" });
  });

  it("apply what waited, once the file suspends them no longer", async () => {
    await tenant.flux.waitFor(tenant.own("Kustomization", "paused"), isReady);
    await configMap("paused");
  });

  it("apply no push while the file freezes them, and go on taking changes by hand back", async () => {
    const { status: before } = await tenant.flux.get(tenant.own("GitRepository", "held"));
    await pushHeld("second");
    // The running source of the same repository shows that there is something to fetch.
    const newest = await tenant.clone.git("rev-parse", "HEAD");
    await tenant.syncNow();
    await tenant.flux.waitFor(tenant.source, ({ status }) => status?.artifact?.revision.endsWith(newest) === true);
    const body = { metadata: { name: "held" }, data: { push: "by hand" } };
    await core.replaceNamespacedConfigMap({ namespace: tenant.namespace, name: "held", body });
    await tenant.flux.reconcileNow(tenant.own("Kustomization", "held"));
    await waitFor(async () => (await configMap("held")).push === "first", {
      describe: async () => JSON.stringify(await configMap("held")),
    });
    const { status, metadata } = await tenant.flux.get(tenant.own("GitRepository", "held"));
    assert.equal(status?.artifact?.revision, before?.artifact?.revision);
    assert.equal(metadata.annotations?.["fleet.dev/frozen-until"], lastDay);
    await tenant.flux.waitFor(tenant.own("Kustomization", "held"), isReady);
  });

  it("apply the pushes that came meanwhile, once the file freezes them no longer", async () => {
    await editYaml(join(program, "stacks", "staging", "tenants", `${team}.yaml`), (file) => {
      file.deleteIn(["syncs", "held", "freeze"]);
    });
    await stack.up(program);
    await waitFor(async () => (await configMap("held")).push === "second", {
      describe: async () => JSON.stringify((await tenant.flux.get(tenant.own("GitRepository", "held"))).status),
    });
  });
});

/** A pod on no node. */
const nowhere = podSpec({}, { nodeSelector: { "example.com/nowhere": "true" } });

/** @throws when it is there */
async function gone(read: Promise<unknown>): Promise<void> {
  await assert.rejects(read, (error: unknown) => error instanceof ApiException && error.code === 404);
}
