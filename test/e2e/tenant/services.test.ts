import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, NetworkingV1Api } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { isReady } from "../../support/e2e/flux-objects.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { withoutPolicy } from "../../support/e2e/without-policy.js";
import { serviceAccount } from "../../support/objects/configuration.js";
import { service as serviceOf } from "../../support/objects/network.js";
import { reference } from "../../support/objects/object.js";

/** The policy that guards what the platform owns. */
const owned = /fleet-owned-objects/;

const exported = `exports:
  api:
    service: search-api
    port: 8080
    pods: { app: search-api }
    to: [team-payments]
`;
const imported = `imports:
  search:
    tenant: team-search
    export: api
`;

/** Names an identity of the cloud, on a service account. */
const identity = "eks.amazonaws.com/role-arn";

/** The tenants of the stack staging; one of them uses what the other offers. */
describe("Imported Services", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant("team-payments", () => ({
    base: {
      namespace: { name: "payments" },
      serviceAccounts: { api: { annotations: { [identity]: "arn:aws:iam::111122223333:role/api" } } },
    },
  }));
  let stack: SharedStack;
  let staging: TestEnvironment;
  let payments: Tenant;
  let core: CoreV1Api;
  let network: NetworkingV1Api;
  /** A copy of the program whose tenants' files the tests change. */
  let cwd: string;

  const file = (name: string) => join(cwd, "stacks", "base", "tenants", `${name}.yaml`);
  const policy = (namespace: string, name: string) => network.readNamespacedNetworkPolicy({ namespace, name });
  const service = () => core.readNamespacedService({ namespace: "payments", name: "search" });
  const reconciler = async () => new DryRun(await staging.kubernetes.serviceAccount("payments", "reconciler"));
  const own = serviceOf({ name: "search" }, { selector: { app: "mine" } });

  /** Whether the tenant may make an object. */
  const admits = (tenant: DryRun, object: KubernetesObject) => async () => (await tenant.create(object)) === undefined;

  before(async () => {
    stack = await shared();
    ({ staging } = stack);
    cwd = await stack.copy();
    payments = await Tenant.of(stack.sandbox, staging, "team-payments");
    core = staging.kubernetes.client(CoreV1Api);
    network = staging.kubernetes.client(NetworkingV1Api);
  });

  it("are a name in the importer's namespace, and replace the tenant's own Service there", async () => {
    await payments.applied(await payments.push(own));
    assert.equal((await service()).spec?.type, "ClusterIP");

    await appendFile(file("team-payments"), imported);
    await appendFile(file("team-search"), exported);
    await stack.up(cwd);
    const { metadata, spec } = await service();
    assert.equal(spec?.type, "ExternalName");
    assert.equal(spec?.externalName, "search-api.team-search.svc.cluster.local");
    assert.equal(spec?.clusterIP ?? "", "");
    assert.equal(metadata?.labels?.["app.kubernetes.io/managed-by"], "fleet");
  });

  it("have the network rules for exactly that connection on both sides", async () => {
    const pods = { matchLabels: { app: "search-api" } };
    const ports = [{ protocol: "TCP", port: 8080 }];
    const { spec: out } = await policy("payments", "tenant");
    assert.deepEqual(plain(out?.egress?.at(-1)), { to: [{ ...named("team-search"), podSelector: pods }], ports });
    const { spec: inward } = await policy("team-search", "export-api");
    assert.deepEqual(plain(inward), {
      podSelector: pods,
      policyTypes: ["Ingress"],
      ingress: [{ _from: [named("payments")], ports }],
    });
    // An importer may reach these pods and no others.
    const { spec: everyPod } = await policy("team-search", "tenant");
    assert.deepEqual(plain(everyPod?.ingress), [{ _from: [{ podSelector: {} }] }]);
  });

  it("have nothing to change for the next preview, nor has an account with a cloud identity", async () => {
    await staging.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  });

  it("are the platform's: the tenant can neither change nor remove them, and its own push is refused", async () => {
    const tenant = await reconciler();
    const search = reference("Service", { name: "search", namespace: "payments" });
    const elsewhere = { spec: { externalName: "kubernetes.default.svc.cluster.local" } };
    // Two policies refuse it, and the API server tells one of them.
    const refusals = /fleet-owned-objects|fleet-exposed-services/;
    assert.match((await tenant.change(search, elsewhere)) ?? "", refusals);
    assert.match((await tenant.change(search, { metadata: { labels: { by: "me" } } })) ?? "", refusals);
    assert.match((await tenant.remove(search)) ?? "", owned);
    await payments.syncNow();
    await payments.flux.reconcileNow(payments.sync);
    await payments.flux.waitForRefusal(payments.sync, refusals);
    assert.equal((await service()).spec?.type, "ExternalName");
  });

  it("cannot be made by the tenant itself, under any name", async () => {
    const tenant = await reconciler();
    const mine = serviceOf(
      { name: "mine", namespace: "payments" },
      { type: "ExternalName", externalName: "search-api.team-search.svc.cluster.local", ports: undefined },
    );
    assert.match((await tenant.create(mine)) ?? "", /fleet-exposed-services/);
    await withoutPolicy(staging.kubernetes, "fleet-exposed-services", admits(tenant, mine));
  });

  it("cannot lose their export while a tenant imports it: preview refuses files without it, and names both files", async () => {
    const before = await readFile(file("team-search"), "utf8");
    await writeFile(file("team-search"), before.replace(exported, ""));
    const { exitCode, all } = await staging.engine.run(["preview"], { cwd });
    assert.notEqual(exitCode, 0);
    assert.match(
      all,
      /team-payments\.yaml:\d+: imports\.search\.export: team-search exports no "api" \(.*team-search\.yaml/,
    );
  });

  it("are removed on both sides with the import, and the tenant has its own Service again", async () => {
    const before = await readFile(file("team-payments"), "utf8");
    await writeFile(file("team-payments"), before.replace(imported, ""));
    await stack.up(cwd);
    await assert.rejects(policy("team-search", "export-api"), /404|not found/i);
    const { spec } = await policy("payments", "tenant");
    assert.ok(!JSON.stringify(spec).includes("search"));
    await payments.flux.reconcileNow(payments.sync);
    await payments.flux.waitFor(payments.sync, isReady, 240_000);
    assert.equal((await service()).spec?.type, "ClusterIP");
  });

  describe("with a cloud identity", () => {
    const account = (name: string, role: string) =>
      serviceAccount({ name, namespace: "payments", annotations: { [identity]: role } });

    it("accounts come from the tenant's file, and the tenant can neither change nor remove them", async () => {
      const made = await core.readNamespacedServiceAccount({ namespace: "payments", name: "api" });
      assert.equal(made.metadata?.annotations?.[identity], "arn:aws:iam::111122223333:role/api");
      assert.equal(made.automountServiceAccountToken, false);
      const tenant = await reconciler();
      const { metadata } = account("api", "arn:aws:iam::111122223333:role/admin");
      const changed = await tenant.change(account("api", ""), { metadata: { annotations: metadata.annotations } });
      // Two policies refuse it, and the API server tells one of them.
      assert.match(changed ?? "", /fleet-owned-objects|fleet-identities/);
      assert.match((await tenant.change(account("api", ""), { automountServiceAccountToken: true })) ?? "", owned);
      assert.match((await tenant.remove(account("api", ""))) ?? "", owned);
    });

    it("accounts of the tenant's own are refused, and admitted only without the policy", async () => {
      const mine = account("mine", "arn:aws:iam::111122223333:role/admin");
      const tenant = await reconciler();
      assert.match((await tenant.create(mine)) ?? "", /fleet-identities/);
      await withoutPolicy(staging.kubernetes, "fleet-identities", admits(tenant, mine));
    });
  });
});

/** Namespaces are selected by the label that Kubernetes itself gives them. */
function named(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

/** The client's objects are of classes, with `_from` for what Kubernetes calls `from`; what they say is compared. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
