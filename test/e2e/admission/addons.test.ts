import assert from "node:assert/strict";
import { HOSTS_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { addonPolicies } from "../../../policies/admission/addons/addon-policies.js";
import { admissionPolicy } from "../../../policies/admission/cel/policy.js";
import { ingressReach } from "../../../policies/admission/ingress-reach.js";
import { addonRules } from "../../../policies/rbac/addons.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { kindsOfAddon } from "../../support/objects/custom-kinds.js";
import { ingress } from "../../support/objects/network.js";
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
      const bindings = addons.map(({ binding, role }) =>
        roleBinding({ ...place, name: binding }, `ClusterRole/${role}`, reconcilerOf(place)),
      );
      await apply(cluster, bindings);
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

  function lastObject() {
    const found = allowedAddonObjects(place).find(([, { kind }]) => kind === addons.at(-1)?.kinds[0]?.kind);
    assert.ok(found);
    return found[1];
  }
});
