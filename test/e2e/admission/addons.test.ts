import assert from "node:assert/strict";
import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import { SIZES } from "../../../config/tenant/limits/sizes.js";
import { HOSTS_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { addonPolicies } from "../../../policies/admission/addons/addon-policies.js";
import { admissionPolicy } from "../../../policies/admission/cel/policy.js";
import { ingressReach } from "../../../policies/admission/ingress-reach.js";
import { quotaHard } from "../../../policies/quotas.js";
import { addonRules } from "../../../policies/rbac/addons.js";
import { DryRun, refusal } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { kindsOfAddon } from "../../support/objects/custom-kinds.js";
import { ingress } from "../../support/objects/network.js";
import { object } from "../../support/objects/object.js";
import { clusterRole, reconcilerOf, roleBinding } from "../../support/objects/rbac.js";
import { allAddons } from "../../support/unit/addons.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { addonCases } from "./addon-cases.js";
import { allowedAddonObjects } from "./addon-objects.js";
import {
  apply,
  type BareCluster,
  bareCluster,
  clear,
  enforce,
  objectsOf,
  prepare,
  tenantNamespace,
} from "./bare-cluster.js";
import type { Place } from "./cases.js";

/** A tenant that asked for no add-on. */
const without: Place = { namespace: "team-without", organisation: "ssh://git@git.example.org/acme" };
const hostsOf = { [HOSTS_ANNOTATION]: "shop.example.com,*.shop.example.com" };
/** Annotations by which cert-manager creates a Certificate. */
const certified: readonly Readonly<Record<string, string>>[] = [
  { "cert-manager.io/cluster-issuer": "letsencrypt" },
  { "cert-manager.io/issuer": "letsencrypt", "cert-manager.io/issuer-kind": "ClusterIssuer" },
  { "kubernetes.io/tls-acme": "true" },
  { "acme.cert-manager.io/http01-edit-in-place": "true" },
];
const place: Place = { namespace: "team-addons", organisation: "ssh://git@git.example.org/acme" };
/** Flagger's policy has its cases in rules.test.ts. */
const addons = allAddons().filter(({ name }) => name !== "flagger");

/** A tenant with a quota, of the size small. */
const counted: Place = { ...place, namespace: "team-counted" };
const hard = quotaHard({ size: "small", ...SIZES.small }, fleetSpec().admission, addons);

/** The bindings of all add-ons. */
const rightsOf = (tenantPlace: Place) =>
  addons.map(({ binding, role }) =>
    roleBinding({ namespace: tenantPlace.namespace, name: binding }, `ClusterRole/${role}`, reconcilerOf(tenantPlace)),
  );

describe("Add-ons, on a bare cluster", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let tenant: DryRun;
  let admin: DryRun;

  before(async () => {
    cluster = await bareCluster();
    const { clients } = cluster;
    await prepare(cluster, place.namespace, hostsOf);
    await apply(cluster, [
      ...tenantNamespace(without.namespace, hostsOf),
      ...addons.flatMap(kindsOfAddon),
      ...addons.map((addon) => clusterRole({ name: addon.role }, ...addonRules(addon))),
    ]);
    // Kubernetes counts a new kind only after half a minute, so the quota is there from the start.
    const quota = object("ResourceQuota", { name: "tenant", namespace: counted.namespace }, { spec: { hard } });
    await apply(cluster, [...tenantNamespace(counted.namespace, hostsOf), quota, ...rightsOf(counted)]);
    admin = new DryRun(clients.admin);
    tenant = new DryRun(await clients.serviceAccount(place.namespace, "reconciler"));
  });
  after(() => cluster && clear(cluster));

  it("give no right to a tenant that did not ask for them", async () => {
    const objects = allowedAddonObjects(place);
    assert.ok(objects.length > addons.length);
    for (const [title, object] of objects) {
      assert.match((await tenant.create(object)) ?? "", /is forbidden: User .* cannot (create|patch) resource/, title);
    }
  });

  describe("that a tenant asked for", () => {
    before(async () => {
      await apply(cluster, rightsOf(place));
      await waitFor(async () => (await tenant.create(lastObject())) === undefined, {
        describe: () => "the rights of the last add-on do not hold",
      });
    });

    it("let it create every object, also those that their policies refuse", async () => {
      for (const { title, object } of addons.flatMap((addon) => addonCases(addon, place))) {
        assert.equal(await tenant.create(object), undefined, title);
      }
    });

    describe("with their policies", () => {
      before(async () => {
        const { platform } = fleetSpec();
        const spec = fleetSpec({ platform: { ...platform, addons } });
        const reach = ingressReach(spec.flux.clusterDomain, [], addons);
        // Its other rules would refuse routes before the add-on's policy does.
        const ofAddons = reach.validations.filter(({ message }) => message.startsWith("annotations of cert-manager"));
        const definitions = [...addonPolicies(spec), { ...reach, validations: ofAddons }];
        await enforce(cluster, objectsOf(definitions.map((definition) => admissionPolicy(spec, definition))));
      });

      for (const annotations of certified) {
        const named = Object.keys(annotations).join(" and ");
        const served = (tenantPlace: Place) => ingress({ ...tenantPlace, annotations }, ["shop.example.com"]);
        it(`fleet-ingress-reach refuses an Ingress with ${named} of a tenant without cert-manager, and no other`, async () => {
          const other = new DryRun(await cluster.clients.serviceAccount(without.namespace, "reconciler"));
          assert.match(
            (await other.create(served(without))) ?? "",
            /'fleet-ingress-reach' .*annotations of cert-manager \(.*\) are for tenants with this add-on: remove them/,
          );
          assert.equal(await tenant.create(served(place)), undefined);
          assert.equal(await admin.create(served(without)), undefined, "the platform's own objects");
        });
      }

      for (const addon of addons) {
        for (const { title, object, refused } of addonCases(addon, place)) {
          it(`${addon.name} ${refused ? "refuses" : "allows"} ${title}`, async () => {
            const said = await tenant.create(object);
            if (refused === undefined) return assert.equal(said, undefined);
            assert.match(said ?? "", refused);
            assert.ok(said?.includes(`ValidatingAdmissionPolicy 'fleet-addon-${addon.name}'`), said);
            assert.equal(await admin.create(object), undefined, "the platform's own objects");
          });
        }
      }
    });
  });

  describe("of a tenant with its quota", () => {
    const names = addons.flatMap(({ kinds }) =>
      kinds.filter(({ access }) => access === "write").map(({ plural, group }) => `count/${plural}.${group}`),
    );
    const used = async () => {
      const core = cluster.clients.client(CoreV1Api);
      return (
        (await core.readNamespacedResourceQuota({ namespace: counted.namespace, name: "tenant" })).status?.used ?? {}
      );
    };

    it("have a limit for each kind", () => {
      assert.deepEqual(
        names.filter((name) => hard[name] === undefined),
        [],
      );
      assert.equal(hard["count/certificates.cert-manager.io"], "7");
    });

    for (const [kind, name] of [
      ["Certificate", "count/certificates.cert-manager.io"],
      ["Database", "count/databases.databases.example.com"],
    ] as const) {
      it(`refuse one ${kind} more than the stack allows`, async () => {
        const account = await cluster.clients.serviceAccount(counted.namespace, "reconciler");
        const objects = KubernetesObjectApi.makeApiClient(account);
        const most = Number(hard[name]);
        const [, model] = allowedAddonObjects(counted).find(([, one]) => one.kind === kind) ?? assert.fail();
        const own = (index: number) => ({ ...model, metadata: { ...model.metadata, name: `own-${index}` } });
        await waitFor(async () => (await used())[name] === "0", {
          timeout: 120_000,
          describe: async () => `the quota counts the kind: ${JSON.stringify(await used())}`,
        });
        for (let index = 1; index <= most; index += 1) {
          await waitFor(() => objects.create(own(index)), { describe: () => `${kind} ${index} is not made` });
          await waitFor(async () => (await used())[name] === String(index), { describe: () => "the quota counts it" });
        }
        const refused = new RegExp(
          `exceeded quota: tenant, requested: ${name}=1, used: ${name}=${most}, limited: ${name}=${most}`,
        );
        assert.match((await refusal(objects.create(own(most + 1)))) ?? "", refused);
      });
    }
  });

  function lastObject() {
    const found = allowedAddonObjects(place).find(([, { kind }]) => kind === addons.at(-1)?.kinds[0]?.kind);
    assert.ok(found);
    return found[1];
  }
});
