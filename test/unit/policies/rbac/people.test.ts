import assert from "node:assert/strict";
import { accessBindings, operatorRules, viewerRules } from "../../../../policies/rbac/people.js";
import { tenantRules } from "../../../../policies/rbac/reconciler.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const roleBinding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const access = { viewers: ["devs", "support"], operators: ["on-call"], roles: { "flagger-viewer": ["devs"] } };
/** Every right of a role as `group/resource verb`. */
const rights = (rules: typeof viewerRules) =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  );

describe("the rights of people in a tenant's namespaces", () => {
  it("never include reading Secrets, or impersonation", () => {
    for (const right of rights([...viewerRules, ...operatorRules])) {
      assert.doesNotMatch(right, /secrets|\/token| (impersonate|bind|escalate|\*)|\*\//);
    }
  });

  it("let viewers read, and nothing else", () => {
    for (const right of rights(viewerRules)) assert.match(right, / (get|list|watch)$/);
  });

  it("never let operators run other code, which could read Secrets", () => {
    const change = rights(operatorRules).filter((right) => !/ (get|list|watch)$/.test(right));
    assert.deepEqual(change, [
      "apps/deployments/scale update",
      "apps/deployments/scale patch",
      "apps/statefulsets/scale update",
      "apps/statefulsets/scale patch",
      "/pods delete",
      "/pods/eviction create",
      "batch/jobs delete",
    ]);
  });

  it("let viewers read everything that a tenant deploys, except Secrets", () => {
    const seen = rights(viewerRules);
    const deployed = tenantRules.flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
    );
    assert.deepEqual(
      deployed.filter((resource) => !seen.includes(`${resource} list`)),
      ["/secrets"],
    );
  });
});

describe("accessBindings", () => {
  it("makes none by default, so that a default tenant costs nothing more", () => {
    assert.deepEqual(accessBindings(tenantSpec("team-a").access), []);
  });

  it("makes one for each role, with all its groups, in every namespace of the tenant", async () => {
    const namespaces = { "team-a-jobs": {} };
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { access, namespaces })] }));
    const bindings = fleet.ofType(roleBinding).filter(({ inputs }) => JSON.stringify(inputs).includes('"Group"'));
    assert.deepEqual(
      bindings.map(({ name }) => name).sort(),
      ["team-a.team-a-jobs", "team-a.team-a"].flatMap((part) =>
        ["operators", "role-flagger-viewer", "viewers"].map((binding) => `${part}-${binding}`),
      ),
    );
    const { inputs } = fleet.find(roleBinding, "team-a.team-a-viewers");
    assert.deepEqual(inputs.roleRef, {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "fleet-tenant-viewer",
    });
    assert.deepEqual(
      (inputs.subjects as { name: string }[]).map(({ name }) => name),
      ["devs", "support"],
    );
  });
});
