import assert from "node:assert/strict";
import { clusterInventory, namesOf, settledInventory } from "../../support/e2e/cluster-inventory.js";
import { sharedSandbox } from "../../support/e2e/sandbox.js";
import { clusterRepositories } from "./ready.js";

describe("a second cluster, before the stack that creates repositories was up", function () {
  this.timeout(15 * 60_000);

  it("is refused, with every repository that is missing, and nothing is touched", async () => {
    const sandbox = await sharedSandbox();
    const prod = await sandbox.environment("prod-eu");
    const github = await sandbox.github();
    const before = namesOf(await settledInventory(prod.kubernetes));
    await github.resetRequests();
    const all = await prod.engine.upFails();
    for (const name of clusterRepositories) {
      const place =
        name === "platform"
          ? "Pulumi.prod-eu.yaml: fleet:platformRepository.name"
          : `stacks/base/tenants/${name}.yaml:2: repository.name`;
      const words = `${place}: the repository acme/${name} does not exist, and only the stack staging creates repositories. Run pulumi up on the stack staging first`;
      assert.ok(all.includes(words), `${name} is not named:\n${all}`);
    }
    assert.equal((await github.requests()).writes, 0);
    assert.deepEqual(namesOf(await clusterInventory(prod.kubernetes)), before);
    assert.deepEqual(await prod.engine.registered(), []);
  });
});
