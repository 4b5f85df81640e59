import assert from "node:assert/strict";
import { HOSTS_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { addonPolicies } from "../../../policies/admission/addons/addon-policies.js";
import { admissionPolicy } from "../../../policies/admission/cel/policy.js";
import { addonRules } from "../../../policies/rbac/addons.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { kindsOfAddon } from "../../support/objects/custom-kinds.js";
import { clusterRole, reconcilerOf, roleBinding } from "../../support/objects/rbac.js";
import { allAddons } from "../../support/unit/addons.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { addonCases } from "./addon-cases.js";
import { allowedAddonObjects } from "./addon-objects.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";
import type { Place } from "./cases.js";

const place: Place = { namespace: "team-addons", organisation: "ssh://git@git.example.org/acme" };
/** Flagger's policy has its cases in rules.test.ts. */
const addons = allAddons().filter(({ name }) => name !== "flagger");
/** Every tenant has the right to routes. */
const withoutAddon = ["GRPCRoute", "HTTPRoute", "TLSRoute"];

describe("Add-ons, on a bare cluster", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let tenant: DryRun;
  let admin: DryRun;

  before(async () => {
    cluster = await bareCluster();
    const { clients } = cluster;
    await prepare(cluster, place.namespace, { [HOSTS_ANNOTATION]: "shop.example.com,*.shop.example.com" });
    await apply(cluster, [
      ...addons.flatMap(kindsOfAddon),
      ...addons.map((addon) => clusterRole({ name: addon.role }, ...addonRules(addon))),
    ]);
    admin = new DryRun(clients.admin);
    tenant = new DryRun(await clients.serviceAccount(place.namespace, "reconciler"));
  });
  after(() => cluster && clear(cluster));

  it("give no right to a tenant that did not ask for them", async () => {
    const objects = allowedAddonObjects(place).filter(([, { kind }]) => !withoutAddon.includes(kind));
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
        await enforce(cluster, objectsOf(addonPolicies(spec).map((definition) => admissionPolicy(spec, definition))));
      });

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
