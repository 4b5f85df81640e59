import assert from "node:assert/strict";
import type { TenantSpec } from "../../../../config/tenant/schema.js";
import type { Recording } from "../../../../review/record/recorder.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const freeze = { until: "2027-01-31", reason: "Migration of the database" };
const helm: TenantSpec["helm"] = {
  repositories: { stable: { url: "https://charts.example.com/stable", interval: "10m" } },
  charts: { shop: { url: "oci://ghcr.io/acme/charts/shop", ref: { semver: "~1.4" }, interval: "10m" } },
};
const imageAutomation: NonNullable<TenantSpec["imageAutomation"]> = {
  images: { shop: { image: "ghcr.io/acme/shop", range: "~1.4", acrossMajors: false, interval: "5m" } },
  branch: "image-updates",
  path: "./deploy",
  interval: "10m",
  author: { name: "Robot", email: "robot@example.com" },
  pushToDefaultBranch: false,
};
const jobs = { path: "./jobs", ref: { tag: "v1" } };
const sections = { helm, imageAutomation };

describe("A frozen tenant, registered", () => {
  let fleet: Recording;
  before(async () => {
    fleet = await recordFleet(
      fleetSpec({
        tenants: [
          tenantSpec("team-a", { ...sections, sync: { freeze }, syncs: { jobs } }),
          tenantSpec("team-b", { ...sections, syncs: { jobs: { ...jobs, freeze } } }),
        ],
      }),
    );
  });

  /** Whether an object is suspended, and the annotations of its freeze. */
  function stateOf(type: string, name: string) {
    const { spec, metadata } = fleet.find(`kubernetes:${type}`, name).inputs as {
      readonly spec: { readonly suspend?: boolean };
      readonly metadata: { readonly annotations?: object };
    };
    const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => /^fleet\.dev\/fr(?:eeze|ozen)-/.test(key));
    return { suspend: spec.suspend ?? false, annotations: Object.fromEntries(own) };
  }
  const annotations = {
    "fleet.dev/frozen-until": "2027-01-31",
    "fleet.dev/freeze-reason": "Migration of the database",
  };
  const running = { suspend: false, annotations: {} };
  const frozen = { suspend: true, annotations };
  const bringing = [
    ["source.toolkit.fluxcd.io/v1:HelmRepository", "stable-charts"],
    ["source.toolkit.fluxcd.io/v1:OCIRepository", "shop-chart"],
  ] as const;

  it("fetches no new revision, and its sync goes on applying the fetched one", () => {
    assert.deepEqual(stateOf("source.toolkit.fluxcd.io/v1:GitRepository", "team-a.team-a-source"), frozen);
    assert.deepEqual(stateOf("kustomize.toolkit.fluxcd.io/v1:Kustomization", "team-a.team-a-sync"), {
      suspend: false,
      annotations,
    });
  });

  it("gets no new charts, and pushes no image updates", () => {
    for (const [type, name] of bringing) assert.deepEqual(stateOf(type, `team-a.${name}`), frozen);
    const automation = "team-a-image-updates-automation";
    assert.deepEqual(stateOf("image.toolkit.fluxcd.io/v1:ImageUpdateAutomation", automation), frozen);
  });

  it("has a sync of another source that goes on, and so does all else where only that one is frozen", () => {
    assert.deepEqual(stateOf("source.toolkit.fluxcd.io/v1:GitRepository", "team-a.jobs-source"), running);
    assert.deepEqual(stateOf("source.toolkit.fluxcd.io/v1:GitRepository", "team-b.jobs-source"), frozen);
    assert.deepEqual(stateOf("source.toolkit.fluxcd.io/v1:GitRepository", "team-b.team-b-source"), running);
    for (const [type, name] of bringing) assert.deepEqual(stateOf(type, `team-b.${name}`), running);
    const automation = "team-b-image-updates-automation";
    assert.deepEqual(stateOf("image.toolkit.fluxcd.io/v1:ImageUpdateAutomation", automation), running);
  });
});
