import assert from "node:assert/strict";
import { PLATFORM_TOKEN } from "../../../config/stack/git-tokens.js";
import { everything } from "../../support/unit/everything.js";
import { listedObjects, recordedObjects } from "../../support/unit/registered-names.js";

describe("registeredObjects", () => {
  it("are those that the components register, for tenants that use every section of their file", async () => {
    const spec = everything();
    const names = await recordedObjects(spec);
    assert.ok(names.length > 100, `${names.length} objects`);
    assert.deepEqual(listedObjects(spec), names);
  });

  it("are those that the components register for tenants and a platform that clone by HTTPS", async () => {
    const { github, ...rest } = everything();
    const owners = [PLATFORM_TOKEN, ...rest.tenants.map(({ name }) => name)];
    const gitTokens = Object.fromEntries(owners.map((owner) => [owner, { write: true }]));
    const spec = { ...rest, github: { ...github, gitTokens } };
    const names = await recordedObjects(spec);
    assert.ok(names.some((name) => name.includes("--token")));
    assert.deepEqual(listedObjects(spec), names);
  });

  it("are those that the components register for tenants of shards", async () => {
    const { flux, tenants, ...rest } = everything();
    const sharded = tenants.map((tenant) => ({ ...tenant, shard: "untrusted" }));
    const spec = { ...rest, flux: { ...flux, shards: ["untrusted"] }, tenants: sharded };
    const names = await recordedObjects(spec);
    assert.ok(names.some((name) => name.includes("untrusted")));
    assert.deepEqual(listedObjects(spec), names);
  });
});
