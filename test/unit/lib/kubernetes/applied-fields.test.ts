import assert from "node:assert/strict";
import { appliedFields } from "../../../../lib/kubernetes/applied-fields.js";
import type { LiveObject, OwnedFields } from "../../../../lib/kubernetes/live-object.js";

function live(fieldsV1: OwnedFields, fields: object, changed: object = {}): LiveObject {
  const owner = { manager: "kustomize-controller", operation: "Apply", fieldsV1, ...changed };
  return { metadata: { name: "web", labels: { a: "1", b: "2" }, annotations: {}, managedFields: [owner] }, ...fields };
}

describe("the fields that a client applied", () => {
  it("are none of another client, of an update, and of the status", () => {
    const fields = { "f:spec": {} };
    assert.equal(appliedFields(live(fields, { spec: 1 }), "helm-controller"), undefined);
    assert.equal(appliedFields(live(fields, { spec: 1 }, { operation: "Update" }), "kustomize-controller"), undefined);
    assert.equal(
      appliedFields(live(fields, { spec: 1 }, { subresource: "status" }), "kustomize-controller"),
      undefined,
    );
  });

  it("leave out what others set, in objects and in lists", () => {
    const container = { name: "web", image: "a", resources: { limits: { cpu: "1" } } };
    const spec = {
      replicas: 3,
      template: { containers: [{ name: "other", image: "b" }, container] },
      ports: [{ port: 80, protocol: "TCP", name: "http" }],
      finalizers: ["x", "y"],
      empty: {},
    };
    const owned: OwnedFields = {
      "f:metadata": { "f:labels": { "f:a": {} } },
      "f:spec": {
        "f:template": { "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:resources": {} } } },
        "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:name": {} } },
        "f:finalizers": { 'v:"y"': {} },
        "f:empty": {},
        "f:gone": {},
      },
    };
    assert.deepEqual(appliedFields(live(owned, { spec }), "kustomize-controller"), {
      metadata: { labels: { a: "1" } },
      spec: {
        template: { containers: [{ name: "web", resources: { limits: { cpu: "1" } } }] },
        ports: [{ port: 80, protocol: "TCP", name: "http" }],
        finalizers: ["y"],
        empty: {},
      },
    });
  });
});
