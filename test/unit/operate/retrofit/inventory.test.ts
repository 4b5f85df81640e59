import assert from "node:assert/strict";
import fc from "fast-check";
import { inventoryOf } from "../../../../operate/retrofit/inventory.js";
import { liveObject } from "../../../support/unit/audited-cluster.js";

const ofEntries = (...entries: readonly object[]) => {
  return inventoryOf(liveObject({ name: "app" }, { status: { inventory: { entries } } }));
};

describe("the inventory of a sync", () => {
  it("is none before the first apply, and refuses an entry of another form", () => {
    assert.equal(inventoryOf(liveObject({ name: "app" })), undefined);
    assert.equal(inventoryOf(liveObject({ name: "app" }, { status: {} })), undefined);
    assert.throws(() => ofEntries({ id: "app", v: "v1" }), /another form: app/);
  });

  it("has every kind of name", () => {
    assert.deepEqual(ofEntries({ id: "_system__a__b_rbac.authorization.k8s.io_ClusterRole", v: "v1" }), [
      {
        group: "rbac.authorization.k8s.io",
        version: "v1",
        kind: "ClusterRole",
        namespace: undefined,
        name: "system:a:b",
      },
    ]);
    const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const rbacName = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(":"));
    fc.assert(
      fc.property(fc.option(name), rbacName, fc.constantFrom("", "apps", "a.example"), (namespace, own, group) => {
        const id = [namespace ?? "", own.replaceAll(":", "__"), group, "Role"].join("_");
        const found = ofEntries({ id, v: "v2" });
        assert.deepEqual(found, [{ group, version: "v2", kind: "Role", namespace: namespace ?? undefined, name: own }]);
      }),
    );
  });
});
