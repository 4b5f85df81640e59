import assert from "node:assert/strict";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const image = { image: "ghcr.io/acme/shop", range: "^1.0.0" };

describe("the Secret of a deploy key", () => {
  it("waits until GitHub has the key, so that a rotation has no gap: each key's, the platform's too", async () => {
    const automation = { imageAutomation: { images: { web: image } } };
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", automation)] }));
    const registrations = fleet.ofType("github:index/repositoryDeployKey:RepositoryDeployKey");
    const secrets = fleet.ofType("kubernetes:core/v1:Secret").filter(({ name }) => name.endsWith("-git"));
    assert.deepEqual([registrations.length, secrets.length], [3, 3]);
    for (const secret of secrets) {
      const pair = secret.dependsOn.find((urn) => urn.includes("PrivateKey::")) ?? "none";
      const registration = registrations.find((one) => one.dependsOn.includes(pair));
      assert.ok(registration, `${secret.name} depends on no key`);
      assert.ok(fleet.waitsFor(secret, registration), `${secret.name} does not wait for ${registration.name}`);
    }
  });
});
