import assert from "node:assert/strict";
import { registeredObjects } from "../../../../preflight/registered-objects.js";
import { newSshKey, pgpFingerprint, pgpKey } from "../../../support/signing-keys.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const secretType = "kubernetes:core/v1:Secret";
const sourceType = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
const keys = { ann: newSshKey(), bob: pgpKey };
const decoded = (data: unknown) =>
  Object.fromEntries(
    Object.entries(data as Readonly<Record<string, string>>).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString(),
    ]),
  );

describe("A tenant's sync that demands signatures", () => {
  it("has a source that verifies, after a Secret with the keys, which shows their fingerprints", async () => {
    const tenant = tenantSpec("team-a", { sync: { verify: { keys } } });
    const fleet = await recordFleet(fleetSpec({ tenants: [tenant] }));
    const secret = fleet.find(secretType, "team-a.team-a-verify");
    const source = fleet.find(sourceType, "team-a.team-a-source");
    assert.deepEqual(source.inputs.spec && (source.inputs.spec as { verify: unknown }).verify, {
      mode: "HEAD",
      secretRef: { name: "tenant-verify-team-a" },
    });
    const metadata = secret.inputs.metadata as {
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };
    assert.equal(metadata.name, "tenant-verify-team-a");
    assert.equal(metadata.labels["app.kubernetes.io/managed-by"], "fleet");
    assert.match(
      metadata.annotations["fleet.dev/signing-keys"] ?? "",
      new RegExp(`^ann SHA256:\\S{43}, bob ${pgpFingerprint}$`),
    );
    assert.deepEqual(decoded(secret.inputs.data), { "ann.sshpub": `${keys.ann}\n`, "bob.asc": keys.bob });
    assert.ok(fleet.waitsFor(source, secret));
  });

  it("shares no source with a sync of the same revision that demands none, or other keys", async () => {
    const verify = { keys };
    const tenant = tenantSpec("team-a", {
      sync: { verify },
      syncs: {
        jobs: { path: "./jobs", verify },
        more: { path: "./more" },
        others: { path: "./others", verify: { keys: { ann: keys.ann } } },
      },
    });
    const spec = fleetSpec({ tenants: [tenant] });
    const fleet = await recordFleet(spec);
    const names = (type: string, pattern: RegExp) =>
      fleet.ofType(type).flatMap(({ name }) => (pattern.test(name) ? [name] : []));
    assert.deepEqual(names(sourceType, /^team-a/).sort(), [
      "team-a.more-source",
      "team-a.others-source",
      "team-a.team-a-source",
    ]);
    assert.deepEqual(names(secretType, /-verify$/).sort(), ["team-a.others-verify", "team-a.team-a-verify"]);
    const known = registeredObjects(spec, [])
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith("tenant-verify-"));
    assert.deepEqual(known.sort(), ["tenant-verify-others", "tenant-verify-team-a"]);
  });

  it("costs a tenant without signatures nothing", async () => {
    const count = async (sync: object) => {
      const { registrations } = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { sync })] }));
      return registrations.filter(({ custom }) => custom).length;
    };
    assert.equal((await count({ verify: { keys } })) - (await count({})), 1);
  });
});
