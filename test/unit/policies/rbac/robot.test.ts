import assert from "node:assert/strict";
import { robotRules } from "../../../../policies/rbac/robot.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const account = "kubernetes:core/v1:ServiceAccount";
const binding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const secret = "kubernetes:core/v1:Secret";

describe("a tenant's robot", () => {
  it("has no token when it is not there: that is a problem, where it is written", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nrobot: {token: true}\n" } },
      /^stacks\/base\/tenants\/team-a\.yaml:2: robot\.token: is true while robot\.enabled is false, so that there is no account for the token\./,
    );
    assertProblems(
      {
        files: {
          [base]: "name: team-a\nrobot: {enabled: true, token: true}\n",
          [overlay]: "robot:\n  enabled: false\n",
        },
      },
      /^stacks\/base\/tenants\/team-a\.yaml:2: robot\.token/,
    );
  });

  it("is refused with fields that it does not have", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nrobot: {enable: true}\n" } },
      /robot\.enable: there is no such field\. Did you mean robot\.enabled\?/,
    );
  });

  it("is changed by an overlay", () => {
    const files = { [base]: "name: team-a\nrobot: {enabled: true}\n", [overlay]: "robot: {token: true}\n" };
    assert.deepEqual(load({ files }).tenants[0]?.robot, { enabled: true, token: true });
  });

  it("may do nothing but look and patch, on Flux's kinds alone", () => {
    for (const { apiGroups, verbs } of robotRules) {
      assert.deepEqual(verbs, ["get", "list", "watch", "patch"]);
      for (const group of apiGroups) assert.match(group, /\.toolkit\.fluxcd\.io$/);
    }
  });

  it("is not there unless the file asks for it", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a")] }));
    assert.deepEqual(fleet.ofType("fleet:tenant:Robot"), []);
  });

  it("is one account, bound in every namespace of the tenant and in no other", async () => {
    const fleet = await recordFleet(
      fleetSpec({
        tenants: [tenantSpec("team-a", { robot: { enabled: true }, namespaces: { jobs: {} } }), tenantSpec("team-b")],
      }),
    );
    const named = (type: string) =>
      fleet.ofType(type).filter(({ inputs }) => (inputs.metadata as { name: string }).name.startsWith("ci-robot"));
    assert.deepEqual(
      named(account).map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace),
      ["team-a"],
    );
    assert.equal(named(account)[0]?.inputs.automountServiceAccountToken, false);
    assert.deepEqual(
      named(binding)
        .map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace)
        .sort(),
      ["jobs", "team-a"],
    );
    for (const { inputs } of named(binding)) {
      assert.equal((inputs.roleRef as { name: string }).name, "fleet-tenant-robot");
      assert.deepEqual(inputs.subjects, [{ kind: "ServiceAccount", name: "ci-robot", namespace: "team-a" }]);
    }
    assert.deepEqual(named(secret), []);
  });

  it("has a token that never expires only when asked for, which the state keeps secret", async () => {
    const robot = { enabled: true, token: true };
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { robot })] }));
    const { inputs, additionalSecretOutputs } = fleet.find(secret, "team-a-robot-token");
    assert.equal(inputs.type, "kubernetes.io/service-account-token");
    const { annotations } = inputs.metadata as { annotations: Record<string, string> };
    assert.equal(annotations["kubernetes.io/service-account.name"], "ci-robot");
    assert.ok(additionalSecretOutputs.includes("data"));
  });
});
