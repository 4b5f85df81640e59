import assert from "node:assert/strict";
import { tenantRules } from "../../../components/tenant/identity.js";

const grants = tenantRules.flatMap(({ apiGroups, resources, verbs }) =>
  apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource}:${verb}`))),
);

describe("tenantRules", () => {
  for (const verb of ["impersonate", "escalate", "bind", "approve", "sign", "*"]) {
    it(`grants no one the verb ${verb}`, () => {
      assert.deepEqual(
        grants.filter((grant) => grant.endsWith(`:${verb}`)),
        [],
      );
    });
  }

  for (const resource of [
    "/serviceaccounts/token",
    "/resourcequotas",
    "/limitranges",
    "/namespaces",
    "/nodes",
    "networking.k8s.io/networkpolicies",
    "rbac.authorization.k8s.io/roles",
    "rbac.authorization.k8s.io/rolebindings",
    "rbac.authorization.k8s.io/clusterroles",
    "rbac.authorization.k8s.io/clusterrolebindings",
  ]) {
    it(`leaves ${resource} to the platform`, () => {
      assert.deepEqual(
        grants.filter((grant) => grant.startsWith(`${resource}:`)),
        [],
      );
    });
  }

  it("never grants a group or resource by wildcard, which would grow with every installed operator", () => {
    assert.deepEqual(
      grants.filter((grant) => grant.includes("*")),
      [],
    );
  });
});
