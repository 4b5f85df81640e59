import assert from "node:assert/strict";
import { canaryRules } from "../../../../policies/rbac/reconciler.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const clusterRole = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole";
const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const policy = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const tenants = [tenantSpec("team-a", { progressiveDelivery: true }), tenantSpec("team-b")];
const stack = (addons: readonly "flagger"[]) => fleetSpec({ tenants, platform: { ...fleetSpec().platform, addons } });

describe("the right to Flagger's kinds", () => {
  it("names each kind, for wildcards would grow with Flagger, and nothing cluster-wide", () => {
    for (const { apiGroups, resources, verbs } of canaryRules) {
      assert.deepEqual(apiGroups, ["flagger.app"]);
      assert.ok(![...resources, ...verbs].includes("*"));
    }
  });

  it("is bound in the namespaces of tenants that ask for it and of no other, with a quota on what it lets them make", async () => {
    const fleet = await recordFleet(stack(["flagger"]));
    const bindings = fleet.ofType(roleBinding).filter(({ name }) => name.endsWith("-canaries"));
    assert.deepEqual(
      bindings.map(({ name }) => name),
      ["team-a.team-a-canaries"],
    );
    const hard = (tenant: string) =>
      (fleet.find("kubernetes:core/v1:ResourceQuota", `${tenant}.${tenant}-quota`).inputs.spec as { hard: object })
        .hard;
    for (const kind of ["canaries", "metrictemplates", "alertproviders"]) {
      assert.ok(Object.hasOwn(hard("team-a"), `count/${kind}.flagger.app`), kind);
      assert.ok(!Object.hasOwn(hard("team-b"), `count/${kind}.flagger.app`), kind);
    }
  });

  it("exists, with the policy that bounds it, only where the infrastructure has Flagger", async () => {
    const names = async (addons: readonly "flagger"[]) => {
      const fleet = await recordFleet({ ...stack(addons), tenants: [] });
      return [...fleet.ofType(clusterRole), ...fleet.ofType(policy)]
        .map(({ name }) => name)
        .filter((name) => /canaries/.test(name));
    };
    assert.deepEqual(await names([]), []);
    assert.deepEqual(await names(["flagger"]), ["fleet-tenant-roles-canaries", "fleet-admission-canaries"]);
  });
});
