import assert from "node:assert/strict";
import type { LiveObject } from "../../../../lib/kubernetes/live-object.js";
import { takeOwnership } from "../../../../operate/retrofit/take-ownership.js";
import { liveObject } from "../../../support/unit/audited-cluster.js";

type Entry = LiveObject["metadata"]["managedFields"][number];

/** The patch of an object with these owners of fields. */
function patchOf(...managedFields: readonly Entry[]) {
  return takeOwnership(liveObject({ name: "one", managedFields }));
}

const entry = (manager: string, operation: string, fields: Entry["fieldsV1"] = {}, subresource?: string): Entry => {
  return { manager, operation, fieldsV1: fields, ...(subresource !== undefined && { subresource }) };
};

describe("ownership of the fields that others applied", () => {
  it("stays with controllers, which write finalizers and status", () => {
    const status = entry("kustomize-controller", "Apply", { "f:status": {} }, "status");
    const finalizers = entry("kustomize-controller", "Update", { "f:metadata": { "f:finalizers": {} } });
    assert.deepEqual(patchOf(status, finalizers, entry("kube-controller-manager", "Update")), []);
    assert.deepEqual(patchOf(), []);
  });

  it("needs no patch where the program has it already", () => {
    assert.deepEqual(patchOf(entry("fleet", "Apply"), entry("gotk", "Update")), []);
  });

  it("goes to the program in place, with a test of what was read", () => {
    assert.deepEqual(patchOf(entry("x", "Update"), entry("kustomize-controller", "Apply", { "f:spec": {} })), [
      { op: "test", path: "/metadata/managedFields/1/manager", value: "kustomize-controller" },
      { op: "replace", path: "/metadata/managedFields/1/manager", value: "fleet" },
      { op: "replace", path: "/metadata/managedFields/1/operation", value: "Apply" },
    ]);
  });

  it("joins the fields of several clients, kubectl's among them, into one entry", () => {
    const patch = patchOf(
      entry("flux", "Apply", { "f:spec": { "f:a": {} } }),
      entry("source-controller", "Update", { "f:status": {} }, "status"),
      entry("kubectl-client-side-apply", "Update", { "f:spec": { "f:b": {} } }),
      entry("fleet", "Apply", { "f:spec": { "f:c": {} } }),
    );
    assert.deepEqual(patch.slice(3), [
      { op: "replace", path: "/metadata/managedFields/0/manager", value: "fleet" },
      { op: "replace", path: "/metadata/managedFields/0/operation", value: "Apply" },
      {
        op: "replace",
        path: "/metadata/managedFields/0/fieldsV1",
        value: { "f:spec": { "f:a": {}, "f:b": {}, "f:c": {} } },
      },
      { op: "remove", path: "/metadata/managedFields/3" },
      { op: "remove", path: "/metadata/managedFields/2" },
    ]);
  });
});
