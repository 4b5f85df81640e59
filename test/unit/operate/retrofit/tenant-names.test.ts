import assert from "node:assert/strict";
import { liveObject, withObjects } from "../../../support/unit/audited-cluster.js";
import { imported, loaded, only, restricted, tenantIn } from "../../../support/unit/imported-cluster.js";

describe("the names of a cluster's tenants in their files", () => {
  it("name a tenant after its sync, so that the sync stays the same object, or say what takes its place", () => {
    const single = only(tenantIn("payments", {}, "shop"));
    assert.deepEqual([single.name, loaded(single).namespaces[0].name, single.leftOut], ["shop", "payments", []]);
    const labelled = only(
      withObjects(tenantIn("a", { labels: { "toolkit.fluxcd.io/tenant": "team" } }, "team"), {
        Namespace: [liveObject({ name: "b", labels: { ...restricted, "toolkit.fluxcd.io/tenant": "team" } })],
      }),
    );
    assert.deepEqual([labelled.name, loaded(labelled).namespaces.map(({ name }) => name)], ["team", ["a", "b"]]);
    // Each tenant could have written the label on the namespace of another.
    assert.match(
      labelled.leftOut.join("\n"),
      /^namespace b: it is the tenant's by its label toolkit\.fluxcd\.io\/tenant alone, .*: check that it is$/m,
    );
    assert.doesNotMatch(labelled.leftOut.join("\n"), /namespace a: it is/);
    const { tenants } = imported(
      withObjects(
        tenantIn("a", { source: { url: "https://github.com/acme/a" } }, "app"),
        tenantIn("b", { source: { url: "https://github.com/acme/b" } }, "app"),
      ),
    );
    assert.deepEqual(
      tenants.map(({ name }) => name),
      ["a", "b"],
    );
    assert.match(tenants[0]?.leftOut[0] ?? "", /the update makes the Kustomization a\/a beside it/);
  });

  it("keep two tenants apart of which one has the other's name for its sync, and take no name that no file may have", () => {
    const { tenants } = imported(
      [
        tenantIn("shop", { source: { url: "https://github.com/acme/shop" } }, "web"),
        tenantIn("shop", { source: { url: "https://github.com/acme/shop" } }, "jobs"),
        tenantIn("evil", { source: { url: "https://github.com/acme/evil" } }, "shop"),
        tenantIn("dots", { source: { url: "https://github.com/acme/dots" } }, "a.b"),
      ].reduce(withObjects),
    );
    assert.deepEqual(tenants.map(({ name }) => name).sort(), ["dots", "evil", "shop"]);
    const text = JSON.stringify(tenants.find(({ name }) => name === "shop")?.files);
    assert.doesNotMatch(text, /evil/);
  });
});
