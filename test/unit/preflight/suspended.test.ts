import assert from "node:assert/strict";
import { findSuspended } from "../../../preflight/suspended.js";
import { clusterWith, onCluster, someTime, type TestObject } from "../../support/unit/cluster.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";

const own = { "app.kubernetes.io/managed-by": "fleet" };
const sync = (spec: object, labels: Record<string, string> = own): TestObject => ({
  type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
  name: "team-a",
  namespace: "team-a",
  labels,
  spec,
});
const flux = { manager: "flux", fieldsV1: { "f:spec": { "f:suspend": {} } } };
const specWith = (sections: Sections = {}) => fleetSpec({ tenants: [tenantSpec("team-a", sections)] });
const suspended = (object: ReturnType<typeof onCluster>, sections: Sections = {}) =>
  findSuspended(specWith(sections), clusterWith(object));

describe("findSuspended", () => {
  it("names the client and the command that ends it", () => {
    const object = onCluster(sync({ suspend: true }), flux);
    assert.deepEqual(suspended(object), {
      suspended: new Set([object[0]]),
      sentences: [
        `The Kustomization team-a in the namespace team-a was suspended by flux at ${someTime}, and no file suspends it. Flux neither applies nor reverts anything there until: flux --namespace team-a resume kustomization team-a`,
      ],
    });
  });

  it("names a source as the flux CLI does", () => {
    const source = { ...sync({ suspend: true }), type: "source.toolkit.fluxcd.io/v1:GitRepository" };
    assert.match(
      suspended(onCluster(source, flux)).sentences[0] ?? "",
      /Flux fetches nothing new for it until: flux --namespace team-a resume source git team-a$/,
    );
    const policy = { ...sync({ suspend: true }), type: "image.toolkit.fluxcd.io/v1:ImagePolicy" };
    assert.match(suspended(onCluster(policy, flux)).sentences[0] ?? "", /resume image policy team-a$/);
  });

  it("quotes names for the shell: a cluster may hold any", () => {
    const object = onCluster({ ...sync({ suspend: true }), name: "a;reboot", namespace: "b $HOME" }, flux);
    assert.match(
      suspended(object).sentences[0] ?? "",
      /until: flux --namespace 'b \$HOME' resume kustomization 'a;reboot'$/,
    );
  });

  it("leaves out a sync that no file declares any more: the update deletes it", () => {
    const cluster = clusterWith(onCluster(sync({ suspend: true }), flux));
    assert.deepEqual(
      findSuspended(fleetSpec(), cluster, () => false),
      { suspended: new Set(), sentences: [] },
    );
  });

  const freeze = { until: "2027-01-31", reason: "Migration" };
  for (const [kind, name, sections] of [
    ["source.toolkit.fluxcd.io/v1:GitRepository", "team-a", {}],
    [
      "source.toolkit.fluxcd.io/v1:HelmRepository",
      "stable",
      { helm: { repositories: { stable: { url: "https://charts.example.com" } } } },
    ],
    [
      "source.toolkit.fluxcd.io/v1:OCIRepository",
      "shop",
      { helm: { charts: { shop: { url: "oci://ghcr.io/acme/shop", ref: { tag: "1.0.0" } } } } },
    ],
    ["image.toolkit.fluxcd.io/v1:ImageUpdateAutomation", "team-a-image-updates", {}],
  ] as const) {
    it(`leaves out a ${kind.split(":").at(-1)} that the file freezes, and names one that it does not`, () => {
      const object = onCluster({ ...sync({ suspend: true }), type: kind, name }, flux);
      assert.equal(suspended(object, { ...sections, sync: { freeze } }).suspended.size, 0);
      assert.equal(suspended(object, sections).suspended.size, 1);
    });
  }

  it("names a Kustomization that was suspended although its file only freezes it", () => {
    assert.equal(suspended(onCluster(sync({ suspend: true }), flux), { sync: { freeze } }).suspended.size, 1);
  });

  for (const [title, object, sections] of [
    ["a sync that runs", onCluster(sync({ suspend: false }), flux), {}],
    ["a sync that the program suspended", onCluster(sync({ suspend: true })), {}],
    ["a sync that its file suspends as well", onCluster(sync({ suspend: true }), flux), { sync: { suspend: true } }],
    ["another's sync", onCluster(sync({ suspend: true }, {}), flux), {}],
    ["an object of another kind", onCluster({ ...sync({ suspend: true }), type: "batch/v1:CronJob" }, flux), {}],
  ] as const) {
    it(`leaves out ${title}`, () => {
      assert.deepEqual(suspended(object, sections), { suspended: new Set(), sentences: [] });
    });
  }
});
