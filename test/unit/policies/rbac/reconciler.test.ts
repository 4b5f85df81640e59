import assert from "node:assert/strict";
import { tenantRules } from "../../../../policies/rbac/reconciler.js";

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
    "gateway.networking.k8s.io/gateways",
    "gateway.networking.k8s.io/referencegrants",
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

  for (const resource of ["/endpoints", "discovery.k8s.io/endpointslices"]) {
    it(`lets ${resource} be read only: a writer of them decides where another tenant's traffic goes`, () => {
      const verbs = grants.filter((grant) => grant.startsWith(`${resource}:`)).map((grant) => grant.split(":")[1]);
      assert.deepEqual(verbs, ["get", "list", "watch"]);
    });
  }

  it("has nothing of Gateway API, whose routes are an add-on, and lets a tenant have an ingress", () => {
    assert.ok(grants.includes("networking.k8s.io/ingresses:create"));
    assert.deepEqual(
      grants.filter((grant) => grant.startsWith("gateway.networking.k8s.io/")),
      [],
    );
  });

  it("lets a tenant have the roles and network policies that charts bring, which admission looks at", () => {
    for (const kind of ["rbac.authorization.k8s.io/rolebindings", "networking.k8s.io/networkpolicies"]) {
      assert.ok(grants.includes(`${kind}:create`), kind);
    }
  });

  it("never grants a group or resource by wildcard, which would grow with every installed operator", () => {
    assert.deepEqual(
      grants.filter((grant) => grant.includes("*")),
      [],
    );
  });
});
