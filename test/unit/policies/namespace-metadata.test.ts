import assert from "node:assert/strict";
import { namespaceAnnotations } from "../../../policies/namespace-metadata.js";
import { tenantSpec } from "../../support/unit/spec.js";

describe("annotations of a tenant's namespace", () => {
  const [namespace] = tenantSpec("team-a").namespaces;
  const of = (annotations: Readonly<Record<string, string>>, hosts: readonly string[]) =>
    namespaceAnnotations({ ...namespace, annotations }, hosts);

  it("say nothing of hosts where the tenant has none, so that it may serve none", () => {
    assert.deepEqual(of({ "example.com/on-call": "us" }, []), { "example.com/on-call": "us" });
  });

  it("have the hosts in one order, whatever the file's, so that moving a line changes nothing", () => {
    const hosts = ["shop.example.com", "*.shop.example.com"];
    const expected = { "fleet.dev/hosts": "*.shop.example.com,shop.example.com" };
    assert.deepEqual(of({}, hosts), expected);
    assert.deepEqual(of({}, hosts.toReversed()), expected);
  });

  it("cannot be written over by a tenant's file, even if it were not refused there", () => {
    const said = { "fleet.dev/hosts": "pay.example.com" };
    assert.deepEqual(of(said, ["shop.example.com"]), { "fleet.dev/hosts": "shop.example.com" });
    assert.deepEqual(of(said, []), {});
  });
});
