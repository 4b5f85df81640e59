import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { changedDefinitions, findLeftovers } from "../../../preflight/leftovers.js";
import { clusterState, clusterWith, onCluster, type TestObject } from "../../support/unit/cluster.js";
import { fleetSpec } from "../../support/unit/spec.js";

const spec = fleetSpec();
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
    fluxObjects: [],
  }).map(({ message, fix }) => `${message}. ${fix}`);

describe("findLeftovers", () => {
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
    assert.deepEqual(findLeftovers(spec, { cluster, fluxObjects: [] }), []);
  });

  it("refuses the Flux Operator's installation", () => {
    const [found] = leftovers({ type: "fluxcd.controlplane.io/v1:FluxInstance", name: "flux", namespace: "flux" });
    assert.match(found ?? "", /^the FluxInstance flux\/flux lets the Flux Operator install Flux on this cluster/);
  });

  it("quotes the names of the Flux Operator's installation for the shell", () => {
    const [found] = leftovers({ type: "fluxcd.controlplane.io/v1:FluxInstance", name: "a;reboot", namespace: "b c" });
    assert.match(found ?? "", /kubectl --namespace 'b c' annotate fluxinstance 'a;reboot' fluxcd\.controlplane\.io/);
  });

  it("refuses a cluster whose definitions were deleted: Pulumi would see no change where every sync is gone", () => {
    const cluster = { ...clusterWith(), lostDefinitions: ["a.fluxcd.io", "b.fluxcd.io"] };
    const [problem, ...others] = findLeftovers(spec, { cluster, fluxObjects: [] });
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
    const [problem, ...others] = findLeftovers(spec, { cluster, fluxObjects: definitions });
    assert.match(
      problem?.message ?? "",
      /^the CustomResourceDefinition gitrepositories\.source\.toolkit\.fluxcd\.io may hold objects in v1beta1, which Flux \S+ does not know/,
    );
    assert.match(problem?.fix ?? "", /^Migrate them with the flux CLI of a version that knows both/);
    assert.deepEqual(others, []);
  });

  describe("for stored versions that the pinned Flux does not know", () => {
    const name = "gitrepositories.source.toolkit.fluxcd.io";
    const found = (installed: string, stored: readonly string[], known: string) => {
      const state = clusterState({
        type: "apps/v1:Deployment",
        name: "source-controller",
        namespace: "flux-system",
        labels: { "app.kubernetes.io/version": installed, "app.kubernetes.io/managed-by": "fleet" },
      });
      const cluster = { ...clusterWith(), storedVersions: new Map([[name, stored]]) };
      const args = { cluster, fluxObjects: [crd(name, "v2.9.2", known)], stackState: state };
      return findLeftovers(spec, args).map(({ message, fix }) => `${message}. ${fix}`);
    };

    it("names the migration before an upgrade, by the version that knows both", () => {
      const [problem = "", ...others] = found("v2.6.4", ["v1beta2", "v1"], "v1");
      assert.match(problem, /in v1beta2, which Flux v2\.9\.2 does not know: the API server would refuse its update/);
      assert.match(problem, /flux CLI of v2\.6\.4, while that Flux runs: flux migrate/);
      assert.deepEqual(others, []);
    });

    it("names the loss before a downgrade, which no migration can avoid", () => {
      const [problem = "", ...others] = found("v2.10.0", ["v1", "v2"], "v1");
      assert.match(
        problem,
        /in v2, which Flux v2\.9\.2 does not know: they would be lost to it, because Flux v2\.10\.0/,
      );
      assert.match(problem, /Stay with Flux v2\.10\.0/);
      assert.doesNotMatch(problem, /flux migrate/);
      assert.deepEqual(others, []);
    });

    it("lets an upgrade and a downgrade pass whose stored versions are known", () => {
      for (const installed of ["v2.9.1", "v2.9.3"]) assert.deepEqual(found(installed, ["v1"], "v1"), []);
    });
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
