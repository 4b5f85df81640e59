import assert from "node:assert/strict";
import type { Recording, Registration } from "../../../review/record/recorder.js";
import { fixtures } from "../../support/fixtures.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { stackSecrets, stackSpec } from "../../support/unit/stack-config.js";

const tenantType = "fleet:tenant:Tenant";

/** The tenant's component above a registration, or the registration itself. */
function tenantAbove({ registrations }: Recording, one: Registration): string | undefined {
  if (one.type === tenantType) return one.name;
  const parent = registrations.find(({ urn }) => urn === one.parent);
  return parent === undefined ? undefined : tenantAbove({ registrations } as Recording, parent);
}

describe("An update of one tenant", () => {
  it("can rely on this: no resource of a tenant depends on another tenant, so the engine takes none along", async () => {
    for (const stack of ["staging", "prod-eu"]) {
      const fixture = stackSpec(fixtures, stack);
      if (!fixture.github.ownsRepositories) continue;
      const recording = await recordFleet(fixture, { secrets: stackSecrets(fixtures, stack) });
      const owner = new Map(recording.registrations.map((one) => [one.urn, tenantAbove(recording, one)]));
      const crossing = recording.registrations.flatMap(({ urn, dependsOn, deletedWith, provider }) =>
        [...dependsOn, deletedWith, provider.split("::").slice(0, -1).join("::")]
          .filter((other) => owner.get(other) !== undefined && owner.get(other) !== owner.get(urn))
          .map((other) => `${urn} -> ${other}`),
      );
      assert.ok(new Set(owner.values()).size > 2);
      assert.deepEqual(crossing, []);
    }
  });
});
