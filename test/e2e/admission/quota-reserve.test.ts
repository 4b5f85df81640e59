import assert from "node:assert/strict";
import { CoreV1Api, KubernetesObjectApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { QUOTA_RESERVE, QUOTA_RESERVE_ANNOTATION, quotaAnnotations } from "../../../policies/quotas.js";
import { DryRun, refusal } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { secret } from "../../support/objects/configuration.js";
import { object } from "../../support/objects/object.js";
import { kustomization } from "../../support/objects/syncs.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";

const namespace = "team-a";
const limit = 3;
const labels = tenantLabels("staging", "team-a");
const counted = "count/secrets";
const syncs = "count/kustomizations.kustomize.toolkit.fluxcd.io";
const hard = { [counted]: String(limit + QUOTA_RESERVE), [syncs]: String(QUOTA_RESERVE) };
const exceeded = /exceeded quota: tenant, requested: count\/secrets=1/;
const kept =
  /exceeded quota: tenant, of which the last 25 are the platform's: count\/secrets, used: 3, limited: 28; remove/;

/** A quota that a tenant has filled, and the platform's objects. */
describe("The quota's reserve of the platform, on a bare cluster", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let core: CoreV1Api;
  let admin: DryRun;
  let tenant: DryRun;
  /** The API for objects that the tenant really creates. */
  let objects: KubernetesObjectApi;

  const own = (name: string) => secret({ name, namespace }, { key: "value" });
  const used = async () =>
    (await core.readNamespacedResourceQuota({ name: "tenant", namespace })).status?.used?.[counted];
  /** Creates Secrets as the tenant until one is refused. @returns how many there are, and the refusal */
  const fill = async (): Promise<readonly [number, string]> => {
    for (let count = 0; ; count += 1) {
      const refused = await refusal(objects.create(own(`own-${count}`)));
      if (refused !== undefined) return [count, refused];
      await waitFor(async () => (await used()) === String(count + 1), { describe: () => "the quota counts otherwise" });
    }
  };

  before(async () => {
    cluster = await bareCluster();
    const { clients } = cluster;
    await prepare(cluster, namespace);
    core = clients.client(CoreV1Api);
    admin = new DryRun(clients.admin);
    const account = await clients.serviceAccount(namespace, "reconciler");
    tenant = new DryRun(account);
    objects = KubernetesObjectApi.makeApiClient(account);
    await apply(cluster, [
      object("ResourceQuota", { name: "tenant", namespace, labels, annotations: quotaAnnotations }, { spec: { hard } }),
    ]);
    await waitFor(async () => (await used()) === "0", { describe: () => "the quota does not count" });
  });
  after(() => cluster && clear(cluster));

  it("is none without the policy: a tenant fills the quota, and the platform can create nothing", async () => {
    const [count, refused] = await fill();
    assert.equal(count, limit + QUOTA_RESERVE);
    assert.match(refused, exceeded);
    assert.match((await admin.create(own("of-the-platform"))) ?? "", exceeded);
    await core.deleteCollectionNamespacedSecret({ namespace });
    await waitFor(async () => (await used()) === "0", { describe: () => "the quota counts what is gone" });
  });

  describe("with the policy", () => {
    before(async () => {
      await enforce(cluster, objectsOf(fixedPolicies(fleetSpec())));
      await waitFor(async () => (await tenant.create(kustomization({ namespace }))) !== undefined, {
        describe: () => "a Kustomization is not refused, though none may be there",
      });
    });

    it("stops a tenant at its limit, and names the quota", async () => {
      const [count, refused] = await fill();
      assert.equal(count, limit);
      assert.match(refused, kept);
    });

    it("lets the platform create what a tenant file asks for", async () => {
      assert.equal(await admin.create(own("of-the-platform")), undefined);
      assert.equal(await admin.create(kustomization({ namespace })), undefined);
    });

    it("stops a tenant whose quota has room for the platform's syncs only", async () => {
      assert.match((await tenant.create(kustomization({ namespace }))) ?? "", /fleet-quota-reserve/);
    });

    it("is none in a quota of an older version, which has no room for it", async () => {
      const body = { metadata: { annotations: { [QUOTA_RESERVE_ANNOTATION]: null } } };
      await core.patchNamespacedResourceQuota({ name: "tenant", namespace, body }, mergePatch);
      await waitFor(async () => (await tenant.create(own("one-more"))) === undefined, {
        describe: () => "a Secret below the whole quota is refused",
      });
    });

    it("does not concern kinds that no quota counts", async () => {
      assert.equal(await tenant.create(object("ServiceAccount", { name: "own", namespace })), undefined);
    });
  });
});

const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
