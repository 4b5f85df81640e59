import assert from "node:assert/strict";
import { judgeDryRuns, plannedDryRuns } from "../../../../operate/verify/admission.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import { fixedPolicies, sourcePolicy } from "../../../../policies/admission/policies.js";
import { unprovable, violations } from "../../../../policies/admission/violations.js";
import { allAddons } from "../../../support/unit/addons.js";
import { planned, planOf } from "../../../support/unit/plans.js";
import { fleetSpec } from "../../../support/unit/spec.js";

const tenant = planned("core/v1:Namespace", { name: "team-a" }, {}, { tenant: "team-a" });
const binding = (name: string, ...validationActions: readonly string[]) =>
  planned(
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
    { name },
    { spec: { policyName: name, validationActions } },
  );

function runsOf(...resources: readonly ReturnType<typeof planned>[]) {
  return plannedDryRuns(plannedObjects(planOf(resources)), []);
}

describe("the known violations", () => {
  it("are one for each policy, but for those of add-ons and those that none can be known of, with a reason", () => {
    const spec = fleetSpec();
    const all = [...fixedPolicies({ ...spec, flux: { ...spec.flux, shards: ["a"] } }), sourcePolicy(spec)];
    const names = all.map(({ policy }) => policy.metadata.name);
    const without = names.filter((name) => violations[name] === undefined);
    assert.deepEqual(without.sort(), Object.keys(unprovable).sort());
    assert.deepEqual(
      Object.keys(violations).filter((name) => !names.includes(name)),
      [],
    );
    assert.ok(allAddons().length > 0);
  });

  it("are in a tenant's namespace, of one name, and none is there without a tenant", () => {
    const { runs } = runsOf(tenant, ...Object.keys(violations).map((name) => binding(name, "Deny")));
    assert.equal(runs.length, Object.keys(violations).length);
    for (const { object, policy } of runs) {
      const { namespace } = object.metadata;
      assert.equal(namespace, policy === "fleet-controllers" ? "flux-system" : "team-a", policy);
    }
    const { runs: none, unproven } = runsOf(binding("fleet-paths", "Deny"));
    assert.deepEqual([none, unproven], [[], [{ policy: "fleet-paths", reason: "the stack has no tenant" }]]);
  });

  it("are not sent where the stack only audits", () => {
    const { runs, unproven } = runsOf(tenant, binding("fleet-paths", "Audit", "Warn"));
    assert.deepEqual(runs, []);
    assert.match(unproven[0]?.reason ?? "", /only audits/);
  });
});

describe("the answer to a dry run", () => {
  const { runs } = runsOf(tenant, binding("fleet-paths", "Deny"));
  const judged = (status: number, message: string) => judgeDryRuns(runs, [{ status, message }]);
  const by = (name: string) => `x: ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: no`;

  it("proves the policy that it names, and no other one", () => {
    assert.deepEqual(judged(403, by("fleet-paths")).proven, ["fleet-paths"]);
    const { proven, unproven, findings } = judged(403, by("fleet-hosts"));
    assert.deepEqual([proven, findings], [[], []]);
    assert.deepEqual(unproven, [{ policy: "fleet-paths", reason: "the policy fleet-hosts refuses it first" }]);
  });

  it("proves nothing when the API server refuses for another reason", () => {
    const { proven, unproven } = judged(404, "the server could not find the requested resource");
    assert.deepEqual(proven, []);
    assert.match(unproven[0]?.reason ?? "", /answered 404/);
  });

  it("is a finding when the violation is accepted", () => {
    const [only] = judged(201, "").findings;
    assert.equal(only?.kind, "admission-allowed");
    assert.equal(only?.object, "ValidatingAdmissionPolicy fleet-paths");
  });
});
