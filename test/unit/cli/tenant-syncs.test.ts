import assert from "node:assert/strict";
import { tenantSync } from "../../../cli/start/tenant-syncs.js";
import { fluxObject } from "../../../operate/flux-object.js";

const tenant = { name: "team-a", namespace: "a", repository: "https://github.com/acme/team-a.git" };
const object = (status: object) =>
  fluxObject.parse({ metadata: { name: "team-a", generation: 1 }, status: { conditions: [ready], ...status } });
const ready = { type: "Ready", status: "True", message: "", observedGeneration: 1 };
const source = { kind: "GitRepository", object: object({}) };
const sync = (status: object) => ({ kind: "Kustomization", object: object(status) });

describe("the state of a tenant's sync", () => {
  it("is Ready with the revision that it applied, which Flux writes after the condition", () => {
    const early = tenantSync(tenant, [source, sync({})]);
    assert.deepEqual(early.notReady, ["Kustomization a/team-a: has applied no revision yet"]);
    assert.equal(early.ready, false);
    const { ready, revision } = tenantSync(tenant, [source, sync({ lastAppliedRevision: "main@sha1:0" })]);
    assert.deepEqual({ ready, revision }, { ready: true, revision: "main@sha1:0" });
  });

  it("names each object that is missing", () => {
    const { notReady } = tenantSync(tenant, [source, { kind: "Kustomization", object: undefined }]);
    assert.deepEqual(notReady, ["Kustomization a/team-a: does not exist"]);
  });
});
