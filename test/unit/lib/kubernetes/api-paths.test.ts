import assert from "node:assert/strict";
import { groupPath, objectPath, pluralOf } from "../../../../lib/kubernetes/api-paths.js";

describe("a path of the API of Kubernetes", () => {
  for (const [kind, plural] of [
    ["Pod", "pods"],
    ["NetworkPolicy", "networkpolicies"],
    ["Ingress", "ingresses"],
    ["GitRepository", "gitrepositories"],
  ] as const) {
    it(`has the plural of ${kind}`, () => assert.equal(pluralOf({ kind }), plural));
  }

  it("has the group, the version and the namespace, each as one step", () => {
    const type = { group: "core", version: "v1", kind: "Secret" };
    assert.equal(objectPath(type, { name: "a/b", namespace: "n" }), "/api/v1/namespaces/n/secrets/a%2Fb");
    assert.equal(groupPath({ ...type, group: "apps" }), "/apis/apps/v1");
  });
});
