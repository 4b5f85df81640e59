import assert from "node:assert/strict";
import type { Recording } from "../../../../review/record/recorder.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, type Sections, tenantSpec } from "../../../support/unit/spec.js";

const key = "sharding.fluxcd.io/key";
const sections: Sections = {
  namespaces: { "team-a-jobs": {} },
  syncs: { jobs: { namespace: "team-a-jobs", path: "./jobs" } },
  helm: {
    repositories: { stable: { url: "https://charts.example.com/stable" } },
    charts: { shop: { url: "oci://ghcr.io/acme/charts/shop", ref: { semver: "~1.4" } } },
  },
  imageAutomation: { images: { web: { image: "ghcr.io/acme/web", range: "1.x" } } },
};

interface Labelled {
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The kinds that Flux's controllers divide by their label. */
const divided = ["GitRepository", "OCIRepository", "HelmRepository", "Kustomization"];

function objectsOf(fleet: Recording, tenant: string): Labelled[] {
  return fleet.registrations.flatMap(({ inputs, type }) => {
    const { labels = {} } = (inputs.metadata ?? {}) as { labels?: Record<string, string> };
    return labels["fleet.dev/tenant"] === tenant ? [{ kind: type.replace(/^.*:/, ""), labels }] : [];
  });
}

const fleetWith = (shard?: string, ...shards: string[]) =>
  recordFleet(
    fleetSpec({
      flux: {
        ...fleetSpec().flux,
        shards,
        extraComponents: ["image-reflector-controller", "image-automation-controller"],
      },
      tenants: [tenantSpec("team-a", { ...sections, ...(shard && { shard }) }), tenantSpec("team-b")],
    }),
  );

const specOf = (fleet: Recording, name: string) =>
  fleet.find("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", name).inputs.spec as Record<string, unknown>;

describe("A tenant's objects in a shard", () => {
  let outside: Recording;
  let inside: Recording;
  before(async () => {
    outside = await fleetWith(undefined, "batch");
    inside = await fleetWith("batch", "batch", "untrusted");
  });

  it("have no key outside of shards, nor has the namespace", () => {
    for (const { kind, labels } of [...objectsOf(outside, "team-a"), ...objectsOf(inside, "team-b")]) {
      assert.equal(labels[key], undefined, kind);
      assert.equal(labels["fleet.dev/shard"], undefined, kind);
    }
    const { commonMetadata, patches } = specOf(outside, "team-a.team-a-sync");
    assert.deepEqual([commonMetadata, patches], [undefined, undefined]);
  });

  it("have the key if Flux divides their kind, in every namespace of the tenant", () => {
    const objects = objectsOf(inside, "team-a");
    const ofKinds = objects.filter(({ kind }) => divided.includes(kind));
    assert.equal(ofKinds.length, 7);
    for (const { kind, labels } of objects) {
      assert.equal(labels[key], divided.includes(kind) ? "batch" : undefined, kind);
      assert.equal(labels["fleet.dev/shard"], kind === "Namespace" ? "batch" : undefined, kind);
    }
  });

  it("give it to all that a sync applies, and to all that the Kustomizations among these apply", () => {
    const commonMetadata = { labels: { [key]: "batch" } };
    for (const name of ["team-a.team-a-sync", "team-a.jobs-sync"]) {
      const spec = specOf(inside, name);
      assert.deepEqual(spec.commonMetadata, commonMetadata);
      const [{ target, patch }, ...others] = spec.patches as [{ target: unknown; patch: string }];
      assert.deepEqual(others, []);
      assert.deepEqual(target, { group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization" });
      assert.deepEqual(JSON.parse(patch).spec, { commonMetadata });
    }
  });

  it("stay the same resources when the tenant moves to another shard, or leaves it", async () => {
    const names = (fleet: Recording) => fleet.registrations.map(({ urn }) => urn).sort();
    const moved = await fleetWith("untrusted", "batch", "untrusted");
    assert.deepEqual(names(moved), names(inside));
    const left = await fleetWith(undefined, "batch", "untrusted");
    assert.deepEqual(names(left), names(inside));
  });
});
