import assert from "node:assert/strict";
import type { Fleet } from "../../../components/fleet.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import type { LastUpdate } from "../../../lib/state/last-update.js";
import type { Recording, Registration } from "../../../review/record/recorder.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const stated = { namespace: "b", repository: "b", keyFingerprint: "b" };
const kept: LastUpdate = {
  digests: { parts: {}, tenants: { "team-b": "old" }, shared: { "team-b": "old" } },
  tenants: { "team-b": stated },
  repositoryIds: { "team-b": "id-of-b" },
};
const leftOut = { names: ["team-b"], kept };

/** The registrations that are not of a tenant, by URN. */
function others({ registrations }: Recording<Fleet>, tenant: string): readonly Registration[] {
  const parents = new Map(registrations.map(({ urn, parent }) => [urn, parent]));
  const isOf = (urn = ""): boolean =>
    urn !== "" && (urn.endsWith(`fleet:tenant:Tenant::${tenant}`) || isOf(parents.get(urn)));
  return registrations.filter(({ urn }) => !isOf(urn)).sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

describe("A Fleet that leaves out a tenant", () => {
  const elsewhere = [tenantSpec("team-c")];
  const fleet = (b: Parameters<typeof tenantSpec>[1] = {}): FleetSpec =>
    fleetSpec({ tenants: [tenantSpec("team-a"), tenantSpec("team-b", b)], tenantsElsewhere: elsewhere });

  it("registers none of its resources, and all others as without it", async () => {
    const [whole, rest] = [await recordFleet(fleet()), await recordFleet(fleet(), { leftOut })];
    assert.deepEqual(
      others(rest, "team-b"),
      rest.registrations.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)),
    );
    assert.deepEqual(others(rest, "team-b"), others(whole, "team-b"));
    assert.ok(whole.registrations.length - rest.registrations.length > 10);
  });

  it("registers the others in the same way, whatever changed in its files but what others have of it", async () => {
    const before = others(await recordFleet(fleet(), { leftOut }), "team-b");
    for (const changed of [
      { limits: { size: "large" } },
      { hosts: ["b.example.com"] },
      { namespaces: { "b-jobs": {} }, robot: { enabled: true } },
      { team: { name: "team-b", members: ["ann"] } },
    ] as const) {
      assert.deepEqual(others(await recordFleet(fleet(changed), { leftOut }), "team-b"), before);
    }
  });

  it("keeps its outputs and digests, and has new ones of all others", async () => {
    const { result } = await recordFleet(fleet(), { leftOut });
    const { result: whole } = await recordFleet(fleet());
    assert.deepEqual(Object.keys(result.tenants).sort(), ["team-a", "team-b"]);
    assert.deepEqual(Object.keys(result.repositoryIds ?? {}).sort(), Object.keys(whole.repositoryIds ?? {}).sort());
    assert.deepEqual(result.digests, {
      parts: whole.digests.parts,
      tenants: { ...whole.digests.tenants, "team-b": "old" },
      shared: { ...whole.digests.shared, "team-b": "old" },
    });
  });

  it("has nothing of it when the stack never had it", async () => {
    const nothing = { digests: { parts: {}, tenants: {}, shared: {} }, tenants: {}, repositoryIds: {} };
    const without = { ...fleet(), tenants: [tenantSpec("team-a")] };
    const { result } = await recordFleet(without, { leftOut: { names: ["team-b"], kept: nothing } });
    assert.deepEqual(Object.keys(result.tenants), ["team-a"]);
    assert.deepEqual(Object.keys(result.digests.tenants).sort(), ["team-a", "team-c"]);
  });
});
