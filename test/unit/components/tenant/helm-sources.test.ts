import assert from "node:assert/strict";
import type { TenantSpec } from "../../../../config/tenant/schema.js";
import type { Recording } from "../../../../review/record/recorder.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const helm: TenantSpec["helm"] = {
  repositories: {
    stable: { url: "https://charts.example.com/stable", interval: "10m", secret: "charts" },
    registry: { url: "oci://ghcr.io/acme/charts", interval: "1h" },
  },
  charts: { shop: { url: "oci://ghcr.io/acme/charts/shop", ref: { semver: "~1.4" }, interval: "10m" } },
};
const source = (kind: string) => `kubernetes:source.toolkit.fluxcd.io/v1:${kind}`;

describe("A tenant's sources of charts, registered", () => {
  let fleet: Recording;
  before(async () => {
    const tenants = [tenantSpec("team-a", { helm }), tenantSpec("team-b")];
    fleet = await recordFleet(fleetSpec({ tenants }));
  });

  it("are HelmRepositories of the type that their URL says, whose credentials go to no other host", () => {
    const common = { timeout: "60s", provider: "generic", passCredentials: false };
    assert.deepEqual(fleet.find(source("HelmRepository"), "team-a.stable-charts").inputs.spec, {
      type: "default",
      url: "https://charts.example.com/stable",
      interval: "10m",
      secretRef: { name: "charts" },
      ...common,
    });
    assert.deepEqual(fleet.find(source("HelmRepository"), "team-a.registry-charts").inputs.spec, {
      type: "oci",
      url: "oci://ghcr.io/acme/charts",
      interval: "1h",
      ...common,
    });
  });

  it("and OCIRepositories of whole charts", () => {
    assert.deepEqual(fleet.find(source("OCIRepository"), "team-a.shop-chart").inputs.spec, {
      url: "oci://ghcr.io/acme/charts/shop",
      ref: { semver: "~1.4" },
      layerSelector: { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", operation: "copy" },
      interval: "10m",
      timeout: "60s",
      provider: "generic",
    });
  });

  it("are in the tenant's namespace, marked as the platform's", () => {
    const made = [...fleet.ofType(source("HelmRepository")), ...fleet.ofType(source("OCIRepository"))];
    assert.equal(made.length, 3);
    for (const { inputs } of made) {
      const { namespace, labels } = inputs.metadata as { namespace: string; labels: Record<string, string> };
      assert.equal(namespace, "team-a");
      assert.equal(labels["app.kubernetes.io/managed-by"], "fleet");
      assert.equal(labels["fleet.dev/tenant"], "team-a");
    }
  });

  it("come before the quota that counts them, which would refuse what it cannot count yet", () => {
    const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota-flux");
    assert.ok(fleet.waitsFor(quota, fleet.find(source("HelmRepository"), "team-a.stable-charts")));
    assert.ok(fleet.waitsFor(quota, fleet.find(source("OCIRepository"), "team-a.shop-chart")));
  });
});
