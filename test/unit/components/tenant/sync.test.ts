import assert from "node:assert/strict";
import { exceptionAnnotations, kustomizationSpec } from "../../../../components/tenant/sync/git-syncs.js";
import { resourcesOf } from "../../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../../config/tenant/schema.js";
import { load } from "../../../support/unit/checkout-tree.js";
import { type Sections, tenantSpec } from "../../../support/unit/spec.js";

/** The spec of the primary sync of a tenant whose file has these fields for it. */
function specOf(sync: Sections["sync"]) {
  return specOfTenant(tenantSpec("team-a", { sync }));
}

function specOfTenant(tenant: TenantSpec) {
  const [part] = resourcesOf(tenant).syncs;
  assert.ok(part);
  return kustomizationSpec(part);
}

describe("kustomizationSpec", () => {
  it("of a file that says nothing waits for everything, opens nothing and replaces no variables", () => {
    assert.deepEqual(specOf({}), {
      sourceRef: { kind: "GitRepository", name: "team-a" },
      path: "./deploy/staging",
      serviceAccountName: "reconciler",
      targetNamespace: "team-a",
      prune: true,
      deletionPolicy: "MirrorPrune",
      interval: "1m",
      retryInterval: "30s",
      timeout: "3m",
      suspend: false,
      wait: true,
    });
  });

  it("waits for what is named, in its own namespace, and for nothing else: Flux ignores checks beside `wait`", () => {
    const spec = specOf({
      healthChecks: [
        { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        { apiVersion: "batch/v1", kind: "Job", name: "migrate" },
      ],
    });
    assert.deepEqual(
      { wait: spec.wait, healthChecks: "healthChecks" in spec && spec.healthChecks },
      {
        wait: false,
        healthChecks: [
          { apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "team-a" },
          { apiVersion: "batch/v1", kind: "Job", name: "migrate", namespace: "team-a" },
        ],
      },
    );
  });

  it("takes variables from objects that must be there, unless the file says that they may be missing", () => {
    const spec = specOf({
      substituteFrom: [
        { kind: "ConfigMap", name: "settings" },
        { kind: "Secret", name: "tuning", optional: true },
      ],
    });
    assert.deepEqual("postBuild" in spec && spec.postBuild, {
      substituteFrom: [
        { kind: "ConfigMap", name: "settings", optional: false },
        { kind: "Secret", name: "tuning", optional: true },
      ],
    });
  });

  it("has the file's own variables beside those of objects", () => {
    const spec = specOf({ substitute: { region: "eu" }, substituteFrom: [{ kind: "ConfigMap", name: "settings" }] });
    assert.deepEqual("postBuild" in spec && spec.postBuild, {
      substitute: { region: "eu" },
      substituteFrom: [{ kind: "ConfigMap", name: "settings", optional: false }],
    });
  });

  it("opens what SOPS has sealed with the keys of the Secret that is named", () => {
    const spec = specOf({ decryption: { secret: "sops-age" } });
    assert.deepEqual("decryption" in spec && spec.decryption, { provider: "sops", secretRef: { name: "sops-age" } });
  });

  for (const deletionPolicy of ["Delete", "WaitForTermination", "Orphan"] as const) {
    it(`leaves ${deletionPolicy} to Flux as it stands in the file`, () => {
      assert.equal(specOf({ deletionPolicy }).deletionPolicy, deletionPolicy);
    });
  }

  it("replaces nothing by force, and prunes, unless the file says otherwise", () => {
    assert.equal("force" in specOf({}), false);
    const spec = specOf({ force: true, prune: false, pruneOffUntil: "2027-01-31" });
    assert.deepEqual({ force: "force" in spec && spec.force, prune: spec.prune }, { force: true, prune: false });
  });

  it("says on the object until when it prunes nothing, and is suspended", () => {
    const [part] = resourcesOf(
      tenantSpec("team-a", {
        sync: { prune: false, pruneOffUntil: "2027-01-31", suspend: true, suspendUntil: "2027-01-15" },
      }),
    ).syncs;
    assert.ok(part);
    assert.deepEqual(exceptionAnnotations(part.sync), {
      "fleet.dev/prune-off-until": "2027-01-31",
      "fleet.dev/suspended-until": "2027-01-15",
    });
    const [without] = resourcesOf(tenantSpec("team-a")).syncs;
    assert.equal(without && exceptionAnnotations(without.sync), undefined);
  });

  it("has all of this from the file, laid over by the stack's", () => {
    const files = {
      "stacks/base/tenants/team-a.yaml": [
        "name: team-a",
        "sync:",
        "  decryption: {secret: sops-age}",
        "  deletionPolicy: Orphan",
        "  healthChecks: [{apiVersion: apps/v1, kind: Deployment, name: web}]",
        "",
      ].join("\n"),
      "stacks/staging/tenants/team-a.yaml": "sync:\n  deletionPolicy: Delete\n  healthChecks: null\n",
    };
    const [tenant] = load({ files }).tenants;
    assert.ok(tenant);
    const { wait, deletionPolicy, ...spec } = specOfTenant(tenant);
    assert.deepEqual({ wait, deletionPolicy }, { wait: true, deletionPolicy: "Delete" });
    assert.deepEqual("decryption" in spec && spec.decryption, { provider: "sops", secretRef: { name: "sops-age" } });
  });
});
