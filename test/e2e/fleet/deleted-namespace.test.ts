import assert from "node:assert/strict";
import { ApiException, CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { tenantsReady } from "./ready.js";
import { idsOf } from "./views.js";

const [namespace, finalizer] = ["payments", "example.com/hold"];

/** A namespace of ours that is being deleted: objects could be registered in it, and none of them could be created. */
describe("A tenant's namespace that is deleted by hand", function () {
  this.timeout(10 * 60_000);
  let environment: TestEnvironment;
  let core: CoreV1Api;

  before(async () => {
    environment = await (await sharedSandbox()).environment();
    await environment.engine.ensureUp();
    await tenantsReady(environment.kubernetes);
    core = environment.kubernetes.client(CoreV1Api);
    // The finalizer keeps it terminating, as a volume or an address that is slow to go would.
    await setFinalizers([finalizer]);
    await core.deleteNamespace({ name: namespace });
  });

  const setFinalizers = (finalizers: readonly string[] | null) =>
    core.patchNamespace(
      { name: namespace, body: { metadata: { finalizers } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  const isGone = () =>
    core.readNamespace({ name: namespace }).then(
      () => false,
      (error: unknown) => error instanceof ApiException && error.code === 404,
    );

  it("stops an update by its name while it goes, and the state stays as it was", async () => {
    const before = idsOf(await environment.engine.resources());
    const all = await environment.engine.upFails();
    const place = "stacks/base/tenants/team-payments.yaml:5: namespace.name: the namespace payments";
    const advice = "Wait until it is gone: kubectl wait namespace payments --for=delete.";
    assert.ok(all.includes(`${place} is being deleted, so nothing can be created in it. ${advice}`), all);
    assert.match(all, /Then run pulumi refresh, and pulumi up\./);
    assert.deepEqual(idsOf(await environment.engine.resources()), before);
  });

  it("comes back by what the message says, with a sync that is Ready", async () => {
    const { engine, kubernetes } = environment;
    await setFinalizers(null);
    await waitFor(isGone, { timeout: 120_000, describe: () => `the namespace ${namespace} stays` });
    await engine.succeed(["refresh", "--yes", "--skip-preview"]);
    await engine.up();
    await tenantsReady(kubernetes);
    await engine.succeed(["preview", "--expect-no-changes"]);
  });
});
