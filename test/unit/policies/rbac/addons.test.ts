import assert from "node:assert/strict";
import type { Addon } from "../../../../config/addons/addon.js";
import { addonRules } from "../../../../policies/rbac/addons.js";
import { readVerbs } from "../../../../policies/rbac/reconciler.js";
import { allAddons } from "../../../support/unit/addons.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const clusterRole = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const policy = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const quota = "kubernetes:core/v1:ResourceQuota";
const tenants = [
  tenantSpec("team-a", { addons: ["cert-manager", "databases"], progressiveDelivery: true, namespaces: { jobs: {} } }),
  tenantSpec("team-b"),
];
const all = allAddons();
const stack = (addons: readonly Addon[], ofTenants = tenants) =>
  fleetSpec({ tenants: ofTenants, platform: { ...fleetSpec().platform, addons } });

describe("the rights of add-ons", () => {
  it("name each group, kind and verb, for wildcards would grow, and no kind of the cluster or of the platform", () => {
    for (const addon of all) {
      for (const { apiGroups, resources, verbs } of addonRules(addon)) {
        assert.ok(![...apiGroups, ...resources, ...verbs].some((one) => one.includes("*")), addon.name);
        assert.doesNotMatch(
          resources.join(),
          /cluster|gatewayclass|referencegrant|gateways|pushsecret|scaledjobs|probes/,
        );
        assert.ok(apiGroups.every((group) => group.includes(".") && !group.endsWith("fluxcd.io")));
      }
    }
  });

  it("are to read only, where a controller creates the objects", () => {
    const rules = addonRules(all[0] ?? { kinds: [] });
    const requests = rules.filter(({ resources }) => resources.includes("certificaterequests"));
    assert.deepEqual(
      requests.map(({ verbs }) => verbs),
      [readVerbs],
    );
  });

  it("are bound in each namespace of tenants that ask for them and of no other", async () => {
    const fleet = await recordFleet(stack(all));
    const names = new Set([...all.map(({ binding }) => binding)]);
    const bindings = fleet
      .ofType(roleBinding)
      .map(({ inputs }) => inputs.metadata as { readonly name: string; readonly namespace: string })
      .filter(({ name }) => names.has(name))
      .map(({ namespace, name }) => `${namespace}/${name}`);
    const asked = ["addon-cert-manager", "addon-databases", "canaries"];
    assert.deepEqual(
      bindings.sort(),
      ["jobs", "team-a"].flatMap((namespace) => asked.map((name) => `${namespace}/${name}`)),
    );
  });

  it("come with a quota on what they let a tenant create: of the stack, of the add-on, or of the tenant", async () => {
    const fleet = await recordFleet(stack(all));
    const hard = (tenant: string) => {
      const { spec } = fleet.find(quota, `${tenant}.${tenant}-quota`).inputs;
      return (spec as { readonly hard: Readonly<Record<string, string>> }).hard;
    };
    const counts = {
      "count/certificates.cert-manager.io": "7",
      "count/issuers.cert-manager.io": "5",
      "count/databases.databases.example.com": "3",
      "count/canaries.flagger.app": hard("team-a")["count/deployments.apps"],
    };
    for (const [name, amount] of Object.entries(counts)) {
      assert.equal(hard("team-a")[name], amount, name);
      assert.equal(hard("team-b")[name], undefined, name);
    }
    assert.equal(hard("team-a")["count/certificaterequests.cert-manager.io"], undefined);
  });

  it("are one role for each add-on, whatever the number of tenants, with the policy that bounds it", async () => {
    const names = async (addons: readonly Addon[]) => {
      const fleet = await recordFleet(stack(addons, []));
      return [...fleet.ofType(clusterRole), ...fleet.ofType(policy)]
        .map(({ name }) => name)
        .filter((name) => /canaries|addon/.test(name))
        .sort();
    };
    assert.deepEqual(await names([]), []);
    assert.deepEqual(await names(all.filter(({ name }) => ["flagger", "keda"].includes(name))), [
      ...["fleet-admission-addon-keda", "fleet-admission-canaries"],
      ...["fleet-tenant-roles-addon-keda", "fleet-tenant-roles-canaries"],
    ]);
  });

  it("cost a tenant without add-ons nothing, and one binding for each add-on and namespace", async () => {
    const count = async (addons: readonly string[]) => {
      const fleet = await recordFleet(stack(all, [tenantSpec("team-a", { addons })]));
      return fleet.registrations.filter(({ name }) => name.startsWith("team-a")).length;
    };
    const without = await count([]);
    assert.equal(await count(["cert-manager"]), without + 1);
    assert.equal(await count(["cert-manager", "keda", "flagger"]), without + 3);
  });

  it("let people read the objects, and change none", async () => {
    const fleet = await recordFleet(stack(all, []));
    for (const role of ["fleet-tenant-viewer", "fleet-tenant-operator"]) {
      const found = fleet.ofType(clusterRole).find(({ inputs }) => (inputs.metadata as { name: string }).name === role);
      const rules = found?.inputs.rules as readonly { apiGroups: string[]; verbs: string[] }[];
      const ofAddons = rules.filter(({ apiGroups }) => apiGroups[0] === "cert-manager.io");
      assert.deepEqual(
        ofAddons.map(({ verbs }) => verbs),
        [readVerbs],
      );
    }
  });
});
