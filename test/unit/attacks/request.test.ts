import assert from "node:assert/strict";
import { apply, collectionPath, create, list, objectPath, remove, token } from "../../attacks/request.js";

const reference = (apiVersion: string, kind: string, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name: "a", ...(namespace === undefined ? {} : { namespace }) },
});

describe("Requests of the attack suite", () => {
  for (const [kind, plural] of [
    ["ConfigMap", "configmaps"],
    ["NetworkPolicy", "networkpolicies"],
    ["Gateway", "gateways"],
    ["Ingress", "ingresses"],
    ["EndpointSlice", "endpointslices"],
    ["Endpoints", "endpoints"],
    ["HelmRelease", "helmreleases"],
    ["StorageClass", "storageclasses"],
  ] as const) {
    it(`ask for ${kind} where the API serves ${plural}`, () => {
      assert.equal(collectionPath(reference("v1", kind, "b")), `/api/v1/namespaces/b/${plural}`);
    });
  }

  it("lead to groups, namespaces and single objects", () => {
    assert.equal(objectPath(reference("v1", "Namespace")), "/api/v1/namespaces/a");
    assert.equal(objectPath(reference("apps/v1", "Deployment", "b")), "/apis/apps/v1/namespaces/b/deployments/a");
    assert.equal(list("Secret").path, "/api/v1/secrets");
    assert.equal(list("Secret", "b").path, "/api/v1/namespaces/b/secrets");
    assert.equal(token("b", "a").path, "/api/v1/namespaces/b/serviceaccounts/a/token");
  });

  it("create in the collection, and apply and remove at the object", () => {
    const object = reference("v1", "ConfigMap", "b");
    assert.deepEqual([create(object).method, create(object).path], ["POST", "/api/v1/namespaces/b/configmaps"]);
    assert.deepEqual([apply(object).method, apply(object).path], ["PATCH", "/api/v1/namespaces/b/configmaps/a"]);
    assert.deepEqual([remove(object).method, remove(object).path], ["DELETE", "/api/v1/namespaces/b/configmaps/a"]);
  });
});
