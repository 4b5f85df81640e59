import assert from "node:assert/strict";
import { findDrift } from "../../../preflight/drift.js";
import { identityOf, registered } from "../../../preflight/registered-object.js";
import { clusterState, clusterWith, onCluster, type TestObject } from "../../support/unit/cluster.js";

const namespace = "team-a";
const object = (type: string, spec: object = {}): TestObject => ({ type, name: "tenant", namespace, spec });
const [quota, sync] = [object("core/v1:ResourceQuota"), object("kustomize.toolkit.fluxcd.io/v1:Kustomization")];
const policy: TestObject = { type: "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", name: "fleet-old" };
const identity = ({ type, name, namespace: place }: TestObject) => identityOf(registered(type, name, place));
const ofNamespace = identityOf(registered("core/v1:Namespace", namespace));

describe("Objects that others changed, and that the update deletes", () => {
  const drift = (state: readonly TestObject[], live: readonly ReturnType<typeof onCluster>[], ...kept: string[]) =>
    findDrift(clusterState(...state), clusterWith(...live), new Set(), (one) => kept.includes(one));

  it("are not announced as created again when they were deleted already", () => {
    const { sentences, deleted, notes } = drift([quota, sync, policy], [], identity(quota), ofNamespace);
    assert.deepEqual(sentences, [
      "The Kustomization tenant in the namespace team-a was deleted from the cluster, and no file asks for it any more. This update removes it from the state alone.",
      "The ResourceQuota tenant in the namespace team-a was deleted from the cluster. This update creates it again.",
      "The ValidatingAdmissionPolicy fleet-old was deleted from the cluster, and no file asks for it any more. This update removes it from the state alone.",
    ]);
    assert.deepEqual([...deleted], [identity(quota)]);
    assert.deepEqual([...notes.keys()], [identity(quota)]);
  });

  it("are neither taken back nor refused for what others changed or added", () => {
    const state = [object("core/v1:ResourceQuota", { hard: { pods: "50" } })];
    const changed = object("core/v1:ResourceQuota", { hard: { pods: "500" }, scopes: ["BestEffort"] });
    const owner = { manager: "kubectl-edit", fieldsV1: { "f:spec": { "f:scopes": {}, "f:hard": { "f:pods": {} } } } };
    const stays = drift(state, [onCluster(changed, owner)], identity(quota), ofNamespace);
    assert.deepEqual([stays.sentences.length, stays.problems.length, stays.notes.size], [1, 1, 1]);
    for (const kept of [[ofNamespace], []]) {
      const leaves = drift(state, [onCluster(changed, owner)], ...kept);
      assert.deepEqual([leaves.sentences, leaves.problems, leaves.notes.size], [[], [], 0]);
    }
  });

  it("are not named when their namespace goes with them, which has a sentence of its own", () => {
    assert.deepEqual(drift([quota, sync], []).sentences, []);
  });
});
