import assert from "node:assert/strict";
import { CoreV1Api } from "@kubernetes/client-node";
import { withLabels } from "../../../lib/kubernetes/object.js";
import { MANAGED_BY, MANAGED_BY_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { FluxObjects, ready } from "../../support/e2e/flux-objects.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { type Fields, reference } from "../../support/objects/object.js";
import { helmRepository } from "../../support/objects/sources.js";
import { helmRelease } from "../../support/objects/syncs.js";

/** Of the tenant, and of the tenant itself. */
const namespace = "team-charts";
const url = "https://charts.fleet-tests.example.com/stable";
const chart = "oci://registry.fleet-tests.example.com/charts/shop";

/**
 * Sources of charts by the real engine, API server and source-controller. Their rule takes neither http nor loopback,
 * so nothing here can serve a chart; that a HelmRelease is installed as the tenant's account, from a chart in its
 * repository, is shown in test/e2e/attacks/admission.test.ts.
 */
describe("A tenant's sources of charts", function () {
  this.timeout(15 * 60_000);
  const stack = declareTenant(namespace, () => ({
    base: { helm: { repositories: { stable: { url } }, charts: { shop: { url: chart, ref: { semver: "~1" } } } } },
    overlay: { helm: { charts: { shop: { interval: "5m" } } } },
  }));
  let staging: TestEnvironment;
  let flux: FluxObjects;
  /** The API as the account that applies the tenant's pushes. */
  let tenant: DryRun;

  before(async () => {
    ({ staging } = await stack());
    flux = new FluxObjects(staging.kubernetes);
    await counted();
    tenant = new DryRun(await staging.kubernetes.serviceAccount(namespace, "reconciler"));
  });

  /** Waits until the quota counts Flux's kinds: before that, admission refuses every object of them. */
  async function counted(): Promise<void> {
    const core = staging.kubernetes.client(CoreV1Api);
    const used = async () =>
      (await core.readNamespacedResourceQuota({ namespace, name: "tenant-flux" })).status?.used ?? {};
    await waitFor(
      async () => {
        const counts = await used();
        return ["helmreleases.helm", "helmrepositories.source"].every(
          (kind) => counts[`count/${kind}.toolkit.fluxcd.io`] !== undefined,
        );
      },
      { timeout: 180_000, describe: async () => `the quota counts Flux's kinds: ${JSON.stringify(await used())}` },
    );
  }

  const release = (spec: Fields) => helmRelease({ name: "shop", namespace }, { chart: undefined, ...spec });

  it("are accepted by source-controller as they are, and fetched from their URLs", async () => {
    for (const [kind, name, host] of [
      ["HelmRepository", "stable", /charts\.fleet-tests\.example\.com/],
      ["OCIRepository", "shop", /registry\.fleet-tests\.example\.com/],
    ] as const) {
      const object = await flux.waitFor({ kind, namespace, name }, (one) => ready(one)?.status === "False");
      assert.match(ready(object)?.message ?? "", host);
    }
  });

  it("can be used by the tenant's HelmReleases that run as its service account", async () => {
    const byRepository = { chart: { spec: { chart: "shop", sourceRef: { kind: "HelmRepository", name: "stable" } } } };
    const byChart = { chartRef: { kind: "OCIRepository", name: "shop" } };
    for (const spec of [byRepository, byChart]) {
      assert.equal(await tenant.create(release(spec)), undefined);
      assert.match((await tenant.create(release({ ...spec, serviceAccountName: undefined }))) ?? "", /fleet-flux-sync/);
    }
  });

  it("may be at hosts that the tenant itself may not use", async () => {
    const own = helmRepository({ name: "own", namespace }, url);
    assert.match((await tenant.create(own)) ?? "", /fleet-flux-source/);
  });

  it("are not made by a tenant with the platform's label, nor by an administrator without it", async () => {
    const own = helmRepository({ name: "own", namespace }, url);
    const labelled = withLabels(own, { [MANAGED_BY_LABEL]: MANAGED_BY });
    const admin = new DryRun(staging.kubernetes.admin);
    assert.match((await tenant.create(labelled)) ?? "", /fleet-owned-objects|fleet-flux-source/);
    assert.match((await admin.create(own)) ?? "", /fleet-flux-source/);
    assert.equal(await admin.create(labelled), undefined);
  });

  it("cannot be changed or deleted by the tenant", async () => {
    for (const [kind, name] of [
      ["HelmRepository", "stable"],
      ["OCIRepository", "shop"],
    ] as const) {
      const elsewhere = { spec: { url: "oci://ghcr.io/acme/other" } };
      // Two policies refuse it, and the API server tells one of them.
      const source = reference(kind, { name, namespace });
      assert.match((await tenant.change(source, elsewhere)) ?? "", /fleet-owned-objects|fleet-flux-source/);
      assert.match((await tenant.remove(source)) ?? "", /fleet-owned-objects/);
    }
  });
});
