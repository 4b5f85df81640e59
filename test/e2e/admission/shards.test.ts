import assert from "node:assert/strict";
import { type KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { withLabels } from "../../../lib/kubernetes/object.js";
import { tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap } from "../../support/objects/configuration.js";
import { object, reference } from "../../support/objects/object.js";
import { bucket, gitRepository, helmChart, helmRepository, ociRepository } from "../../support/objects/sources.js";
import { chartTemplate, helmRelease, kustomization } from "../../support/objects/syncs.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";

const key = "sharding.fluxcd.io/key";
/** A namespace in no shard, and one in the shard batch. */
const [outside, inside] = ["team-a", "team-batch"];

/** One object of each kind that shards divide. */
function everyKind(namespace: string, labels: Readonly<Record<string, string>>): KubernetesObject[] {
  const metadata = { namespace, labels };
  return [
    bucket(metadata, "minio.example.com"),
    gitRepository(metadata, "https://github.com/acme/app"),
    helmChart(metadata),
    helmRepository(metadata, "https://charts.example.com"),
    ociRepository(metadata, "oci://ghcr.io/acme/app"),
    kustomization(metadata),
    helmRelease(metadata, { chart: undefined, chartRef: { kind: "OCIRepository", name: "mine" } }),
  ];
}

/** A release whose HelmChart has these labels. */
function release(namespace: string, shard: string | undefined, labels: Readonly<Record<string, string>> | undefined) {
  const chart = { ...chartTemplate(), ...(labels && { metadata: { labels } }) };
  return helmRelease({ namespace, labels: shard === undefined ? {} : { [key]: shard } }, { chart });
}

/** The policy fleet-shards on a real API server: a tenant can neither leave its shard nor enter another one. */
describe("Admission policies, on a stack with shards", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let tenants: Readonly<Record<string, DryRun>>;
  let admin: KubernetesObjectApi;
  const moved = reference("Kustomization", { name: "moved", namespace: inside });

  const asked = async (namespace: string, one: KubernetesObject) => (await tenants[namespace]?.create(one)) ?? "";
  const refuses = async (namespace: string, one: KubernetesObject, message: RegExp) => {
    const said = await asked(namespace, one);
    assert.match(said, /'fleet-shards' with binding/, one.kind);
    assert.match(said, message, one.kind);
  };

  before(async () => {
    cluster = await bareCluster();
    const { clients } = cluster;
    for (const namespace of [outside, inside]) await prepare(cluster, namespace);
    const labels = { ...tenantLabels("staging", "team-batch"), "fleet.dev/shard": "batch" };
    await apply(cluster, [object("Namespace", { name: inside, labels })]);
    admin = clients.objects();
    await admin.create(kustomization({ name: "moved", namespace: inside, labels: { [key]: "former" } }));
    tenants = Object.fromEntries(
      await Promise.all(
        [outside, inside].map(async (namespace) => {
          return [namespace, new DryRun(await clients.serviceAccount(namespace, "reconciler"))] as const;
        }),
      ),
    );
    const { flux } = fleetSpec();
    const policies = fixedPolicies(fleetSpec({ flux: { ...flux, shards: ["batch", "other"] } }));
    const names = ["fleet-shards", "fleet-labels"];
    const ours = policies.filter(({ policy }) => names.includes(policy.metadata.name));
    assert.equal(ours.length, names.length);
    assert.equal(await asked(outside, kustomization({ namespace: outside, labels: { [key]: "batch" } })), "");
    await enforce(cluster, objectsOf(ours));
  });
  after(() => cluster && clear(cluster));

  it("refuse an object that names a shard, where the namespace is in none", async () => {
    for (const shard of ["batch", "none", ""]) {
      for (const one of everyKind(outside, { [key]: shard })) {
        await refuses(outside, one, /metadata\.labels names a shard, and .*: remove sharding\.fluxcd\.io\/key/);
      }
    }
    await refuses(outside, release(outside, undefined, { [key]: "batch" }), /spec\.chart\.metadata\.labels names a/);
  });

  it("refuse an object of a shard that names none, or another one", async () => {
    for (const labels of [{}, { [key]: "other" }, { [key]: "" }, { [key]: "Batch" }]) {
      for (const one of everyKind(inside, labels)) {
        await refuses(inside, one, /metadata\.labels must name .*: set sharding\.fluxcd\.io\/key: batch/);
      }
    }
  });

  it("refuse a release of a shard whose chart would be fetched elsewhere", async () => {
    for (const labels of [undefined, {}, { [key]: "other" }]) {
      const message = /spec\.chart\.metadata\.labels must name .*: set sharding\.fluxcd\.io\/key: batch/;
      await refuses(inside, release(inside, "batch", labels), message);
    }
  });

  it("allow objects with the label of their namespace's shard, or without any where it has none", async () => {
    for (const one of everyKind(inside, { [key]: "batch", own: "yes" })) {
      assert.equal(await asked(inside, one), "", one.kind);
    }
    for (const one of everyKind(outside, { own: "yes" })) {
      assert.equal(await asked(outside, one), "", one.kind);
    }
    // The syncs of a shard label everything, because they cannot tell Flux's objects apart.
    assert.equal(await asked(inside, configMap({ namespace: inside, labels: { [key]: "batch" } }, { a: "b" })), "");
    assert.equal(await asked(inside, release(inside, "batch", { [key]: "batch" })), "");
    assert.equal(await asked(outside, release(outside, undefined, undefined)), "");
  });

  it("refuse changes of an object that its tenant's move left in another shard, but for the way out", async () => {
    const change = async (fields: object) => (await tenants[inside]?.change(moved, fields)) ?? "";
    assert.match(await change({ spec: { interval: "7m" } }), /'fleet-shards'/);
    assert.match(await change({ metadata: { labels: { own: "yes" } } }), /'fleet-shards'/);
    assert.match(await change({ metadata: { labels: { [key]: "other" } } }), /'fleet-shards'/);
    assert.equal(await change({ spec: { interval: "7m" }, metadata: { labels: { [key]: "batch" } } }), "");
  });

  it("let the controllers of the former shard report on it and let it go", async () => {
    const tenant = tenants[inside];
    assert.ok(tenant);
    assert.equal(await tenant.change(moved, { metadata: { annotations: { "example.com/seen": "yes" } } }), undefined);
    assert.equal(await tenant.remove(moved), undefined);
  });

  it("leave the platform free to move a tenant, whose namespace and objects change one after the other", async () => {
    const admins = new DryRun(cluster.clients.admin);
    assert.equal(await admins.create(kustomization({ namespace: inside, name: "new" })), undefined);
    assert.equal(await admins.change(moved, { metadata: { labels: { [key]: "other" } } }), undefined);
  });

  it("follow the namespace when its tenant moves", async () => {
    const move = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: inside, labels: { "fleet.dev/shard": "other" } },
    };
    await admin.patch(move, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
    const inOther = withLabels(kustomization({ namespace: inside, name: "new" }), { [key]: "other" });
    await waitFor(async () => (await asked(inside, inOther)) === "", { describe: () => "the namespace has moved" });
    await refuses(inside, withLabels(inOther, { [key]: "batch" }), /: set sharding\.fluxcd\.io\/key: other/);
  });
});
