import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { ApiextensionsV1Api, AppsV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { execa } from "execa";
import { readLock } from "../../../flux/release/lock.js";
import { imagesOf, lockEntry } from "../../../flux/release/lock-entry.js";
import { parseManifest } from "../../../flux/release/manifest.js";
import { clusterInventory } from "../../support/e2e/cluster-inventory.js";
import { FluxObjects } from "../../support/e2e/flux-objects.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { fluxVersion as older } from "../../support/flux-version.js";
import { configMap } from "../../support/objects/configuration.js";
import { deployment } from "../../support/objects/workloads.js";
import { tenants, tenantsReady } from "./ready.js";

const newer = "v2.9.3";
/** The release's controllers that differ from those of v2.9.2. Its helm-controller is not available: v1.6.2 runs for it. */
const changedTags = { "kustomize-controller": "v1.9.4", "helm-controller": "v1.6.3" } as const;
const definition = "kustomizations.kustomize.toolkit.fluxcd.io";
const gone = "v1beta1";
const json = setHeaderOptions("Content-Type", PatchStrategy.JsonPatch);

/**
 * From Flux v2.9.2 to v2.9.3 and back, on a cluster with tenants. The manifest of v2.9.3 is the sandbox's own with the
 * tags of that release: upstream changed nothing else in it. No registry is asked, so the digests of its images are made up.
 */
describe("An upgrade of Flux", function () {
  this.timeout(30 * 60_000);
  let environment: TestEnvironment;
  let cwd: string;
  let env: Readonly<Record<string, string>>;
  let tenant: Tenant;
  let apps: AppsV1Api;
  let definitions: ApiextensionsV1Api;
  let untouched: ReadonlyMap<string, string>;

  before(async () => {
    const sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    await ensureToolchain({ parts: ["kustomize-controller-v1.9.4", "flux"] });
    cwd = await copyCheckout(await sandbox.scratch("program"));
    await environment.engine.ensureUp();
    await tenantsReady(environment.kubernetes);
    apps = environment.kubernetes.client(AppsV1Api);
    definitions = environment.kubernetes.client(ApiextensionsV1Api);
    tenant = await Tenant.of(sandbox, environment, "team-search");
    await tenant.applied(await tenant.push(deployment({ name: "web" }), configMap({ name: "settings" }, { a: "b" })));
    const manifests = await sandbox.scratch("manifests");
    env = { FLEET_MANIFESTS: manifests };
    await provideReleases(sandbox.toolchain.manifests, manifests);
    untouched = await workloads();
  });
  after(async () => {
    await environment.engine.up();
    await tenant.restore();
  });

  /** Puts both manifests into a folder, and locks the newer one in the copy of the checkout. */
  async function provideReleases(from: string, to: string): Promise<void> {
    const text = await readFile(join(from, older, "install.yaml"), "utf8");
    const next = Object.entries(changedTags).reduce(
      (manifest, [name, tag]) => manifest.replaceAll(new RegExp(`(/fluxcd/${name}:)v[\\d.]+`, "g"), `$1${tag}`),
      text,
    );
    for (const [version, manifest] of [[older, text] as const, [newer, next] as const]) {
      await mkdir(join(to, version), { recursive: true });
      await writeFile(join(to, version, "install.yaml"), manifest);
    }
    const objects = parseManifest(next, "install.yaml");
    const digests = Object.entries(imagesOf(objects, "install.yaml")).map(
      ([name, image]) => [name, `sha256:${createHash("sha256").update(JSON.stringify(image)).digest("hex")}`] as const,
    );
    const source = `https://github.com/fluxcd/flux2/releases/download/${newer}/install.yaml`;
    const lock = { ...readLock(cwd), [newer]: lockEntry(source, objects, Object.fromEntries(digests)) };
    await writeFile(join(cwd, "flux.lock.json"), `${JSON.stringify(lock, undefined, 2)}\n`);
  }

  /** `npx fleet upgrade flux`, which needs no network for a locked version. */
  async function upgradeTo(version: string, ...options: readonly string[]): Promise<string> {
    const args = ["cli/fleet.mjs", "upgrade", "flux", version, "--stack", environment.stack, "--no-golden", ...options];
    const { exitCode, all } = await execa(process.execPath, args, {
      cwd,
      env: { ...environment.variables, ...env, NO_COLOR: "1" },
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
    return all;
  }

  /**
   * The resourceVersions of everything in the tenants' namespaces, without Flux's objects, whose status it writes, and
   * without quotas, in whose status Kubernetes counts again when a kind changes.
   */
  async function workloads(): Promise<ReadonlyMap<string, string>> {
    const namespaces: readonly string[] = tenants.map(({ namespace }) => namespace);
    const inventory = await clusterInventory(environment.kubernetes);
    const found = [...inventory].filter(
      ([name, { namespace = "" }]) => namespaces.includes(namespace) && !/\.fluxcd\.io |^resourcequotas /.test(name),
    );
    return new Map(found.map(([name, { resourceVersion }]) => [name, resourceVersion]));
  }

  const images = async () => {
    const { items } = await apps.listNamespacedDeployment({ namespace: "flux-system" });
    return new Map(
      items.map(({ metadata, spec }) => [metadata?.name, spec?.template.spec?.containers[0]?.image ?? ""] as const),
    );
  };
  const runs = async (tags: Readonly<Record<string, string>>) => {
    const found = await images();
    for (const [name, tag] of Object.entries(tags)) assert.match(found.get(name) ?? "", new RegExp(`:${tag}@sha256:`));
  };

  it("is refused by name while the cluster may store a version that the release does not know", async () => {
    const { spec } = await definitions.readCustomResourceDefinition({ name: definition });
    const [version] = spec.versions;
    assert.ok(version);
    const former = { ...version, name: gone, storage: false, deprecated: true };
    const add = [{ op: "add", path: "/spec/versions/-", value: former }];
    await definitions.patchCustomResourceDefinition({ name: definition, body: add }, json);
    const stored = [{ op: "replace", path: "/status/storedVersions", value: [gone, version.name] }];
    await definitions.patchCustomResourceDefinitionStatus({ name: definition, body: stored }, json);

    assert.match(await upgradeTo(newer), /Pulumi\.staging\.yaml/);
    const all = await environment.engine.upFails({ cwd, env });
    assert.match(all, new RegExp(`${definition} may hold objects in ${gone}, which Flux ${newer} does not know`));
    assert.match(all, new RegExp(`Migrate them with the flux CLI of ${older}, while that Flux runs: flux migrate`));
    await runs({ "kustomize-controller": "v1.9.3" });
  });

  it("passes once flux migrate has written the objects anew, and changes no workload of a tenant", async () => {
    await execa("flux", ["migrate"], { env: environment.variables, all: true });
    const { status } = await definitions.readCustomResourceDefinition({ name: definition });
    assert.deepEqual(status?.storedVersions, ["v1"]);
    await environment.engine.up({ cwd, env });
    await runs(changedTags);
    const { spec } = await definitions.readCustomResourceDefinition({ name: definition });
    assert.deepEqual(
      spec.versions.map(({ name }) => name),
      ["v1"],
    );
    await tenantsReady(environment.kubernetes);
    assert.deepEqual(await workloads(), untouched);
  });

  it("has rolled out one controller after the other", async () => {
    const { items } = await apps.listNamespacedReplicaSet({ namespace: "flux-system" });
    const times = ["source-controller", "kustomize-controller", "helm-controller", "notification-controller"].map(
      (name) => {
        const own = items.filter(({ metadata }) => metadata?.labels?.app === name);
        return Math.max(...own.map(({ metadata }) => metadata?.creationTimestamp?.getTime() ?? 0));
      },
    );
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });

  it("has the new controller apply what tenants push", async () => {
    const commit = await tenant.push(deployment({ name: "web" }), configMap({ name: "settings" }, { a: "c" }));
    await tenant.applied(commit);
    const flux = new FluxObjects(environment.kubernetes);
    const { status } = await flux.get(tenant.sync);
    assert.ok(status?.lastAppliedRevision?.endsWith(commit));
    untouched = await workloads();
  });

  it("asks for nothing afterwards", async () => {
    await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd, env });
  });

  it("goes back down again, and changes no workload either", async () => {
    assert.match(await upgradeTo(older, "--downgrade"), /Pulumi\.staging\.yaml/);
    await environment.engine.up({ cwd, env });
    await runs({ "kustomize-controller": "v1.9.3", "helm-controller": "v1.6.2" });
    await tenantsReady(environment.kubernetes);
    assert.deepEqual(await workloads(), untouched);
    await environment.engine.succeed(["preview", "--expect-no-changes"]);
  });
});
