import assert from "node:assert/strict";
import { TAKEN_BACK_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { noRepairs, type Repairs } from "../../../lib/state/repairs.js";
import { emptyState, indexState, objectIdentity } from "../../../lib/state/stack-state.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const spec = fleetSpec({ tenants: [tenantSpec("team-a")] });
const [quotaType, syncType] = [
  "kubernetes:core/v1:ResourceQuota",
  "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
];
const identity = (type: string, name: string, namespace = "team-a") => objectIdentity(type, { name, namespace }) ?? "";
const record = async (repairs: Partial<Repairs>, isInState = true) => {
  const { registrations } = await recordFleet(spec);
  const state = isInState ? indexState(stateOf(registrations), "fleet.dev/tenant") : emptyState;
  return recordFleet(spec, { state, repairs: { ...noRepairs, ...repairs } });
};
const annotationsOf = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }) =>
  (inputs.metadata as { readonly annotations: Readonly<Record<string, string>> }).annotations;

describe("An object that others changed", () => {
  const notes = new Map([[identity(quotaType, "tenant"), "1: kubectl-patch"]]);

  it("is updated by a note of the client, and replaced by nothing", async () => {
    const fleet = await record({ notes });
    const quota = fleet.find(quotaType, "team-a.team-a-quota");
    assert.equal(annotationsOf(quota)[TAKEN_BACK_ANNOTATION], "1: kubectl-patch");
    assert.deepEqual([quota.deleteBeforeReplace, quota.replaceOnChanges], [false, []]);
    const noted = fleet.registrations.filter(({ type, inputs }) => {
      return type.startsWith("kubernetes:") && TAKEN_BACK_ANNOTATION in annotationsOf({ inputs });
    });
    assert.equal(noted.length, 1);
  });

  it("is replaced if it was deleted, and the deletion comes first: afterwards it would hit the new object", async () => {
    const quota = (await record({ notes, deleted: new Set(notes.keys()) })).find(quotaType, "team-a.team-a-quota");
    assert.deepEqual([quota.deleteBeforeReplace, quota.replaceOnChanges], [true, ["*"]]);
  });

  it("is found where an output hides its namespace, which is Flux's", async () => {
    const platform = new Map([[identity(syncType, "platform", "flux-system"), "1: flux"]]);
    const fleet = await record({ notes: platform });
    assert.equal(annotationsOf(fleet.find(syncType, "fleet-platform-sync-sync"))[TAKEN_BACK_ANNOTATION], "1: flux");
  });
});

describe("A sync that an operator suspended", () => {
  const suspended = new Set([identity(syncType, "team-a")]);
  const suspendOf = ({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }) =>
    (inputs.spec as { readonly suspend?: boolean }).suspend;

  it("keeps the field, and nothing but the field", async () => {
    const sync = (await record({ suspended })).find(syncType, "team-a.team-a-sync");
    assert.deepEqual([sync.ignoreChanges, suspendOf(sync)], [["spec.suspend"], false]);
    assert.ok(!(TAKEN_BACK_ANNOTATION in annotationsOf(sync)));
  });

  it("keeps it after the state was lost, when the engine knows no former value", async () => {
    const sync = (await record({ suspended }, false)).find(syncType, "team-a.team-a-sync");
    assert.deepEqual([sync.ignoreChanges, suspendOf(sync)], [[], undefined]);
  });

  it("keeps it where it is the platform's own source, whose namespace is an output", async () => {
    const source = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
    const platform = new Set([identity(source, "platform", "flux-system")]);
    const found = (await record({ suspended: platform }, false)).find(source, "fleet-platform-sync-source");
    assert.equal(suspendOf(found), undefined);
  });

  it("needs nothing where the program does not set the field", async () => {
    const platform = new Set([identity(syncType, "platform", "flux-system")]);
    const sync = (await record({ suspended: platform })).find(syncType, "fleet-platform-sync-sync");
    assert.deepEqual([sync.ignoreChanges, suspendOf(sync)], [[], undefined]);
  });

  it("keeps it beside changes that are taken back", async () => {
    const notes = new Map([[identity(syncType, "team-a"), "2: kubectl-edit"]]);
    const sync = (await record({ suspended, notes })).find(syncType, "team-a.team-a-sync");
    assert.deepEqual(
      [sync.ignoreChanges, annotationsOf(sync)[TAKEN_BACK_ANNOTATION]],
      [["spec.suspend"], "2: kubectl-edit"],
    );
  });
});

describe("Every Kubernetes object", () => {
  it("is applied by force under one name, so that no other client's field blocks an update", async () => {
    const { registrations } = await recordFleet(spec);
    const objects = registrations.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.ok(objects.length > 50);
    for (const object of objects) {
      const { "pulumi.com/patchForce": force, "pulumi.com/patchFieldManager": manager } = annotationsOf(object);
      assert.deepEqual([force, manager], ["true", "fleet"], object.name);
    }
  });
});
