import assert from "node:assert/strict";
import { repositories } from "../../support/e2e/github-view.js";
import { sharedSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { tenantsReady } from "./ready.js";
import { keysByRepository, objectsOf } from "./views.js";

describe("a second cluster that is no longer wanted", function () {
  this.timeout(30 * 60_000);

  after(async () => (await sharedSandbox()).stop("prod-eu"));

  it("leaves with its own keys only, and the first cluster does not notice", async () => {
    const sandbox = await sharedSandbox();
    const staging = await sandbox.environment("staging");
    const prod = await sandbox.environment("prod-eu");
    const github = await sandbox.github();
    await staging.engine.ensureUp();
    await prod.engine.ensureUp();
    const before = {
      repositories: await repositories(github),
      keys: await keysByRepository(github),
      staging: await objectsOf(staging),
    };
    await prod.engine.destroy();
    for (const [name, list] of Object.entries(await keysByRepository(github))) {
      assert.deepEqual(
        list,
        before.keys[name]?.filter(({ title }) => title === "fleet/staging (read-only)"),
        name,
      );
    }
    const after = await repositories(github);
    assert.deepEqual([...after.keys()], [...before.repositories.keys()]);
    for (const { name, archived } of after.values()) assert.equal(archived, false, name);
    assert.deepEqual(await objectsOf(staging), before.staging);

    const tenant = await Tenant.of(sandbox, staging, "team-search");
    await tenant.applied(await tenant.push(configMap({ name: "still-alive" })));
    await tenantsReady(staging.kubernetes);
    await staging.engine.succeed(["preview", "--expect-no-changes"]);
  });
});
