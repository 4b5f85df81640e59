import assert from "node:assert/strict";
import { TAKEN_BACK_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { findDrift } from "../../../preflight/drift.js";
import { clusterState, clusterWith, onCluster, someTime, type TestObject } from "../../support/unit/cluster.js";
import { drift, kubectl, quota } from "../../support/unit/drifted-quota.js";

describe("findDrift", () => {
  it("names the client and the time of a change, and lets the update take it back", () => {
    const found = drift(clusterState(quota()), onCluster(quota("500"), kubectl));
    assert.deepEqual(found.sentences, [
      `The ResourceQuota tenant in the namespace team-a was changed by kubectl-patch at ${someTime}: spec.hard.pods is "500" instead of "50". This update takes it back.`,
    ]);
    assert.deepEqual([...found.notes.values()], [`1: kubectl-patch ${someTime}`]);
    assert.deepEqual([found.deleted.size, found.problems], [0, []]);
  });

  it("finds a change that no client owns, and a field that is gone", () => {
    const namespace = (labels: Record<string, string>): TestObject => ({
      type: "core/v1:Namespace",
      name: "team-a",
      labels,
    });
    const label = "pod-security.kubernetes.io/enforce";
    const { sentences, notes } = drift(clusterState(namespace({ [label]: "restricted" })), onCluster(namespace({})));
    assert.deepEqual(sentences, [
      `The Namespace team-a was changed by an unknown client: metadata.labels["${label}"] is gone. This update takes it back.`,
    ]);
    assert.deepEqual([...notes.values()], ["1: unknown"]);
  });

  it("counts on an object how often it was taken back, so that the same change is an update again", () => {
    const before = { [TAKEN_BACK_ANNOTATION]: `1: kubectl-patch ${someTime}` };
    const found = drift(clusterState(quota("50", before)), onCluster(quota("500", before), kubectl));
    assert.deepEqual([...found.notes.values()], [`2: kubectl-patch ${someTime}`]);
  });

  it("keeps the note of an object that no one changed, so that nothing is an update", () => {
    const before = { [TAKEN_BACK_ANNOTATION]: "3: deleted" };
    const found = drift(clusterState(quota("50", before)), onCluster(quota("50", before)));
    assert.deepEqual([[...found.notes.values()], found.sentences], [["3: deleted"], []]);
  });

  it("ignores the note of a lost state, which is on an adopted object and not in its inputs", () => {
    const before = { [TAKEN_BACK_ANNOTATION]: "1: kubectl-edit" };
    const [[urn, stated] = assert.fail()] = Object.entries(clusterState(quota("50")));
    const [[, { outputs }] = assert.fail()] = Object.entries(clusterState(quota("50", before)));
    const adopted = { ...stated, outputs: { ...outputs, __inputs: stated.outputs.__inputs } };
    const found = drift({ [urn]: adopted }, onCluster(quota("50", before)));
    assert.deepEqual([found.notes.size, found.sentences], [0, []]);
  });

  it("is none while another client owns a field with the program's value", () => {
    const found = drift(clusterState(quota()), onCluster(quota(), kubectl));
    assert.deepEqual([found.sentences, found.notes.size, found.problems], [[], 0, []]);
  });

  it("creates an object again that was deleted, where its namespace still is", () => {
    const found = drift(clusterState(quota(), { ...quota(), namespace: "gone" }));
    assert.deepEqual(found.sentences, [
      "The ResourceQuota tenant in the namespace team-a was deleted from the cluster. This update creates it again.",
    ]);
    assert.equal(found.deleted.size, 1);
    assert.deepEqual([...found.notes.values()], ["1: deleted"]);
  });

  it("takes no object for deleted whose kind the cluster does not list", () => {
    const secret: TestObject = { ...quota(), type: "core/v1:Secret" };
    assert.deepEqual(drift(clusterState(secret)).sentences, []);
  });

  it("refuses a field that another client added to a policy, a quota or a role, with the command that removes it", () => {
    const policy: TestObject = {
      type: "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
      name: "fleet-images",
      spec: { matchConditions: [{ name: "own", expression: "true" }] },
    };
    const conditions = [
      { name: "own", expression: "true" },
      { name: "x", expression: "false" },
      { name: "y", expression: "false" },
    ];
    const condition = { ".": {}, "f:name": {}, "f:expression": {} };
    const fieldsV1 = {
      "f:spec": { "f:matchConditions": { 'k:{"name":"x"}': condition, 'k:{"name":"y"}': condition } },
    };
    const found = drift(
      clusterState(policy),
      onCluster({ ...policy, spec: { matchConditions: conditions } }, { manager: "kubectl-edit", fieldsV1 }),
    );
    assert.deepEqual(found.sentences, []);
    assert.equal(found.problems.length, 1);
    assert.match(
      found.problems[0]?.message ?? "",
      /^the ValidatingAdmissionPolicy fleet-images has fields that kubectl-edit at \S+ added, and the isolation of tenants depends on them: spec\.matchConditions\[1\], spec\.matchConditions\[2\]/,
    );
    assert.equal(
      found.problems[0]?.fix,
      `Remove them: kubectl patch validatingadmissionpolicies.admissionregistration.k8s.io fleet-images --type json --patch '[{"op":"remove","path":"/spec/matchConditions/2"},{"op":"remove","path":"/spec/matchConditions/1"}]'`,
    );
  });

  it("refuses labels of Pod Security and of fleet on a namespace, and leaves those of others alone", () => {
    const namespace = (labels: Record<string, string>): TestObject => ({
      type: "core/v1:Namespace",
      name: "team-a",
      labels,
    });
    const added = {
      "pod-security.kubernetes.io/enforce-version": "v1.22",
      "fleet.dev/hosts": "a",
      "vendor.example/x": "y",
    };
    const fieldsV1 = {
      "f:metadata": { "f:labels": Object.fromEntries(Object.keys(added).map((name) => [`f:${name}`, {}])) },
    };
    const { problems } = drift(
      clusterState(namespace({})),
      onCluster(namespace(added), { manager: "kubectl-label", fieldsV1 }),
    );
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? "", /enforce-version.*fleet\.dev\/hosts/);
    assert.doesNotMatch(problems[0]?.message ?? "", /vendor/);
  });

  it("accepts a further limit of a quota, and labels of Pod Security that only warn", () => {
    const limit = { ...quota(), spec: { hard: { pods: "50", secrets: "1" } } };
    const fieldsV1 = { "f:spec": { "f:hard": { "f:secrets": {} } } };
    const namespace = (labels: Record<string, string>): TestObject => ({
      type: "core/v1:Namespace",
      name: "team-a",
      labels,
    });
    const audit = "pod-security.kubernetes.io/audit";
    const found = drift(
      clusterState(quota(), namespace({})),
      onCluster(limit, { manager: "kubectl-edit", fieldsV1 }),
      onCluster(namespace({ [audit]: "restricted" }), {
        manager: "openshift",
        fieldsV1: { "f:metadata": { "f:labels": { [`f:${audit}`]: {} } } },
      }),
    );
    assert.deepEqual([found.problems, found.sentences], [[], []]);
  });

  it("refuses a scope of a quota, which would free pods of it", () => {
    const scoped = { ...quota(), spec: { hard: { pods: "50" }, scopeSelector: { matchExpressions: [] } } };
    const fieldsV1 = { "f:spec": { "f:scopeSelector": {} } };
    const { problems } = drift(clusterState(quota()), onCluster(scoped, { manager: "kubectl-edit", fieldsV1 }));
    assert.match(problems[0]?.message ?? "", /added, .*: spec\.scopeSelector\. /);
  });

  it("says that it does not remove what another client added to a sync or to a controller", () => {
    const sync: TestObject = {
      type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      name: "team-a",
      namespace: "team-a",
      spec: { prune: true },
    };
    const deployment: TestObject = { type: "apps/v1:Deployment", name: "c", namespace: "team-a", spec: {} };
    const { sentences, problems } = drift(
      clusterState(sync, deployment),
      onCluster(
        { ...sync, spec: { prune: true, patches: [1] } },
        { manager: "kubectl-edit", fieldsV1: { "f:spec": { "f:patches": {} } } },
      ),
      onCluster(
        { ...deployment, spec: { template: { metadata: { annotations: { restartedAt: "now" } } } } },
        {
          manager: "kubectl-rollout",
          fieldsV1: { "f:spec": { "f:template": { "f:metadata": { "f:annotations": {} } } } },
        },
      ),
    );
    assert.deepEqual(problems, []);
    assert.equal(sentences.length, 1, "a restart is none");
    assert.match(
      sentences[0] ?? "",
      /^The Kustomization team-a .* added: spec\.patches\. No update removes them: kubectl --namespace team-a patch kustomizations\.kustomize/,
    );
  });

  it("leaves the suspension of an operator, and takes back the rest of the same sync", () => {
    const sync = (spec: object): TestObject => ({
      type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      name: "team-a",
      namespace: "team-a",
      spec,
    });
    const live = onCluster(sync({ suspend: true, prune: false }), {
      manager: "flux",
      fieldsV1: { "f:spec": { "f:suspend": {} } },
    });
    const state = clusterState(sync({ suspend: false, prune: true }));
    const { sentences } = findDrift(state, clusterWith(live), new Set([live[0]]));
    assert.equal(sentences.length, 1);
    assert.match(sentences[0] ?? "", /: spec\.prune is false instead of true\. /);
  });

  it("is none after `flux resume`, which removes the field, whatever the state noted of the suspension", () => {
    const sync = (spec: object): TestObject => ({
      type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      name: "team-a",
      namespace: "team-a",
      spec,
    });
    for (const noted of [true, false]) {
      const state = clusterState(sync({ suspend: false, prune: true }));
      for (const { outputs } of Object.values(state)) Object.assign(outputs, { spec: { suspend: noted, prune: true } });
      const found = drift(state, onCluster(sync({ prune: true })));
      assert.deepEqual([found.sentences, found.notes.size], [[], 0], String(noted));
    }
    const byFile = drift(clusterState(sync({ suspend: true })), onCluster(sync({})));
    assert.match(byFile.sentences[0] ?? "", /: spec\.suspend is gone\. This update takes it back\./);
  });

  it("accepts further pull Secrets of an account, which OpenShift adds again and again, and no missing one", () => {
    const account = (...names: readonly string[]): TestObject => ({
      type: "core/v1:ServiceAccount",
      name: "web",
      namespace: "team-a",
      imagePullSecrets: names.map((name) => ({ name })),
    });
    const openshift = { manager: "openshift-controller-manager", fieldsV1: { "f:imagePullSecrets": {} } };
    const found = (...names: readonly string[]) =>
      drift(clusterState(account("fleet-pull-a")), onCluster(account(...names), openshift));
    const { sentences, notes } = found("fleet-pull-a", "web-dockercfg-x");
    assert.deepEqual([sentences, notes.size], [[], 0]);
    assert.match(
      found("web-dockercfg-x", "b").sentences[0] ?? "",
      /changed by openshift-controller-manager .*imagePullSecrets/,
    );
    assert.match(found().sentences[0] ?? "", /imagePullSecrets has 0 elements instead of 1/);
  });
});
