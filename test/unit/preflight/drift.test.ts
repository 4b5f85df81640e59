import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { TAKEN_BACK_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { findDrift } from "../../../preflight/drift.js";
import { clusterState, clusterWith, onCluster, someTime, type TestObject } from "../../support/unit/cluster.js";

const quota = (pods = "50", annotations = {}): TestObject => ({
  type: "core/v1:ResourceQuota",
  name: "tenant",
  namespace: "team-a",
  annotations: { "pulumi.com/patchForce": "true", ...annotations },
  spec: { hard: { pods } },
});
const pods = { "f:spec": { "f:hard": { "f:pods": {} } } };
const kubectl = { manager: "kubectl-patch", fieldsV1: pods };
const drift = (state: ReturnType<typeof clusterState>, ...objects: readonly ReturnType<typeof onCluster>[]) =>
  findDrift(state, clusterWith(...objects), new Set());

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

  it("prints a command in which a key with a quote is a key, and no second command", () => {
    const sync = (substitute: object): TestObject => ({
      type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
      name: "team-a",
      namespace: "team-a",
      spec: { postBuild: { substitute } },
    });
    const key = "x'; touch pwned; '";
    const fieldsV1 = { "f:spec": { "f:postBuild": { "f:substitute": { [`f:${key}`]: {} } } } };
    const [sentence = ""] = drift(
      clusterState(sync({})),
      onCluster(sync({ [key]: "y" }), { manager: "kubectl-edit", fieldsV1 }),
    ).sentences;
    const [, command = ""] = /(--patch .*)$/.exec(sentence) ?? [];
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" })
      .trimEnd()
      .split("\n");
    assert.deepEqual(words, ["--patch", JSON.stringify([{ op: "remove", path: `/spec/postBuild/substitute/${key}` }])]);
  });

  it("says that Flux would apply a change of a repository again, which no update ends", () => {
    const by = (manager: string) => drift(clusterState(quota()), onCluster(quota("500"), { manager, fieldsV1: pods }));
    const [sentence = ""] = by("kustomize-controller").sentences;
    assert.match(
      sentence,
      / takes it back\. Flux then applies it again: remove the object, or a patch of it, from the repository\.$/,
    );
    assert.doesNotMatch(by("kubectl").sentences[0] ?? "", /Flux/);
  });

  it("names an object that is being deleted, which no update can take back", () => {
    const [identity, object] = onCluster(quota("500"), kubectl);
    const metadata = { ...object.metadata, deletionTimestamp: someTime };
    const found = drift(clusterState(quota()), [identity, { ...object, metadata }]);
    assert.deepEqual(found.sentences, [
      "The ResourceQuota tenant in the namespace team-a is being deleted, so an update cannot restore it now. When it is gone, the next update creates it again.",
    ]);
    assert.deepEqual([found.notes.size, found.deleted.size], [0, 0]);
  });

  it("counts the elements of a list that has others", () => {
    const binding = (...subjects: readonly string[]): TestObject => ({
      type: "rbac.authorization.k8s.io/v1:RoleBinding",
      name: "viewers",
      namespace: "team-a",
      subjects,
    });
    const [sentence] = drift(clusterState(binding("a")), onCluster(binding("a", "b"))).sentences;
    assert.match(sentence ?? "", /: subjects has 2 elements instead of 1\. /);
  });

  it("lists three fields and counts the others, and repeats no long value", () => {
    const wanted = { a: 1, b: 2, c: 3, d: 4, e: 5 };
    const live = { a: "x".repeat(100), b: 0, c: 0, d: 0, e: 0 };
    const [sentence] = drift(
      clusterState({ ...quota(), spec: wanted }),
      onCluster({ ...quota(), spec: live }),
    ).sentences;
    assert.match(
      sentence ?? "",
      /: spec\.a has another value, spec\.b is 0 instead of 2, spec\.c is 0 instead of 3, 2 more\. /,
    );
  });
});
