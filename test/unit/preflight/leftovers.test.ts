import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { emptyState, indexState } from "../../../lib/state/stack-state.js";
import { changedDefinitions, findLeftovers } from "../../../preflight/leftovers.js";
import { clusterState, clusterWith, onCluster, type TestObject } from "../../support/unit/cluster.js";
import { fleetSpec } from "../../support/unit/spec.js";

const spec = fleetSpec();
const policy: TestObject = {
  type: "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
  name: "fleet-images",
  spec: {},
};
const controller = (name: string, namespace: string, args: readonly string[] = []): TestObject => ({
  type: "apps/v1:Deployment",
  name,
  namespace,
  spec: { template: { spec: { containers: [{ args }] } } },
});
const crd = (name: string, version: string, ...versions: readonly string[]): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name, labels: { "app.kubernetes.io/version": version } },
  spec: { versions: versions.map((name) => ({ name })) },
});
const leftovers = (...objects: readonly TestObject[]) =>
  findLeftovers(spec, {
    cluster: clusterWith(...objects.map((object) => onCluster(object))),
    state: emptyState,
    fluxObjects: [],
  }).map(({ message, fix }) => `${message}. ${fix}`);

describe("findLeftovers", () => {
  it("refuses policies, bindings and roles of the stack's names that fleet does not manage", () => {
    const role = { type: "rbac.authorization.k8s.io/v1:ClusterRole", name: "fleet-tenant-reconciler" };
    const binding = { type: "rbac.authorization.k8s.io/v1:ClusterRoleBinding", name: "fleet-platform-reconciler" };
    const bound = { ...policy, type: "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding" };
    const found = leftovers(policy, bound, role, binding);
    assert.equal(found.length, 4);
    assert.match(
      found[0] ?? "",
      /^the ValidatingAdmissionPolicy fleet-images exists, but fleet does not manage it: it lacks the label app\.kubernetes\.io\/managed-by=fleet\. .* kubectl label validatingadmissionpolicies\.admissionregistration\.k8s\.io fleet-images app\.kubernetes\.io\/managed-by=fleet fleet\.dev\/stack=staging$/,
    );
  });

  it("refuses roles and bindings of the names of Flux's own, which would be overwritten by force", () => {
    const names = { ClusterRole: "flux-source-controller", ClusterRoleBinding: "flux-helm-controller" };
    const types = Object.entries(names).map(([kind, name]) => ({
      kind,
      name,
      type: `rbac.authorization.k8s.io/v1:${kind}`,
    }));
    const fluxObjects = types.map(({ kind, name }) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind,
      metadata: { name },
    }));
    const found = (labels: Record<string, string>) =>
      findLeftovers(spec, {
        cluster: clusterWith(...types.map(({ type, name }) => onCluster({ type, name, labels }))),
        state: emptyState,
        fluxObjects,
      }).map(({ message }) => message);
    assert.deepEqual(
      found({ "app.kubernetes.io/part-of": "flux" }).map((message) => message.split(",")[0]),
      ["the ClusterRole flux-source-controller exists", "the ClusterRoleBinding flux-helm-controller exists"],
    );
    assert.deepEqual(found({ "app.kubernetes.io/managed-by": "fleet" }), []);
  });

  it("leaves names of others, objects of fleet, and objects in the state that lost their label", () => {
    assert.deepEqual(leftovers({ ...policy, name: "fleet-agent" }), []);
    assert.deepEqual(leftovers({ ...policy, labels: { "app.kubernetes.io/managed-by": "fleet" } }), []);
    const state = indexState(clusterState(policy), "fleet.dev/tenant");
    assert.deepEqual(findLeftovers(spec, { cluster: clusterWith(onCluster(policy)), state, fluxObjects: [] }), []);
  });

  it("refuses a second Flux that watches every namespace, with its controllers", () => {
    const [one, other] = [controller("kustomize-controller", "gitops"), controller("helm-controller", "gitops")];
    const found = leftovers(one, other);
    assert.equal(found.length, 1);
    assert.match(
      found[0] ?? "",
      /^another Flux watches every namespace of this cluster: helm-controller, kustomize-controller in the namespace gitops\. .* kubectl --namespace gitops delete deployments --selector app\.kubernetes\.io\/part-of=flux\. /,
    );
  });

  it("leaves its own Flux, one that watches its own namespace, and other programs with Flux's label", () => {
    assert.deepEqual(
      leftovers(
        controller("kustomize-controller", "flux-system"),
        controller("kustomize-controller", "gitops", ["--watch-all-namespaces=false"]),
        controller("dashboard", "gitops"),
      ),
      [],
    );
  });

  it("leaves what a tenant calls Flux, by which it could stop the updates of all", () => {
    const cluster = {
      ...clusterWith(onCluster(controller("kustomize-controller", "team-a"))),
      namespaces: new Map([["team-a", { labels: { "fleet.dev/tenant": "team-a" }, terminating: false }]]),
    };
    assert.deepEqual(findLeftovers(spec, { cluster, state: emptyState, fluxObjects: [] }), []);
  });

  it("refuses the Flux Operator's installation", () => {
    const [found] = leftovers({ type: "fluxcd.controlplane.io/v1:FluxInstance", name: "flux", namespace: "flux" });
    assert.match(found ?? "", /^the FluxInstance flux\/flux lets the Flux Operator install Flux on this cluster/);
  });

  it("refuses a cluster whose definitions were deleted: Pulumi would see no change where every sync is gone", () => {
    const cluster = { ...clusterWith(), lostDefinitions: ["a.fluxcd.io", "b.fluxcd.io"] };
    const [problem, ...others] = findLeftovers(spec, { cluster, state: emptyState, fluxObjects: [] });
    assert.match(
      problem?.message ?? "",
      /^the cluster does not have the CustomResourceDefinitions a\.fluxcd\.io, b\.fluxcd\.io, which are in the stack's state/,
    );
    assert.match(problem?.fix ?? "", /pulumi refresh, and then pulumi up/);
    assert.deepEqual(others, []);
  });

  it("refuses objects in a version that the pinned Flux does not know", () => {
    const definitions = [crd("gitrepositories.source.toolkit.fluxcd.io", "v2.9.2", "v1")];
    const cluster = {
      ...clusterWith(),
      storedVersions: new Map([["gitrepositories.source.toolkit.fluxcd.io", ["v1beta1", "v1"]]]),
    };
    const [problem, ...others] = findLeftovers(spec, { cluster, state: emptyState, fluxObjects: definitions });
    assert.match(
      problem?.message ?? "",
      /^the CustomResourceDefinition gitrepositories\.source\.toolkit\.fluxcd\.io may hold objects in v1beta1, which Flux \S+ does not know/,
    );
    assert.deepEqual(others, []);
  });
});

describe("changedDefinitions", () => {
  const stated: TestObject = {
    type: "apiextensions.k8s.io/v1:CustomResourceDefinition",
    name: "a",
    labels: { "app.kubernetes.io/version": "v2.9.2" },
  };

  it("are all at first and at another version of Flux, and none later", () => {
    const names = (version: string, ...state: readonly TestObject[]) =>
      changedDefinitions([crd("a", version, "v1")], clusterState(...state));
    assert.deepEqual(names("v2.9.2"), ["a"]);
    assert.deepEqual(names("v2.10.0", stated), ["a"]);
    assert.deepEqual(names("v2.9.2", stated), []);
  });
});
