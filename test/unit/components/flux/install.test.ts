import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import { FluxInstall } from "../../../../components/flux/install.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { type Recording, type Registration, record, resolved } from "../../../../review/record/recorder.js";
import { everything, hardened } from "../../../support/unit/hardened.js";

const deployment = "kubernetes:apps/v1:Deployment";
const crd = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
/** Kinds that need no CRD. */
const rights = [
  "ServiceAccount",
  "ServiceAccountPatch",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "ResourceQuota",
  "NetworkPolicy",
];

function install(
  objects: readonly KubernetesObject[] = hardened(everything),
  readyTimeout = "5m",
  formerVersions: readonly string[] = [],
) {
  return record(() => {
    const provider = new k8s.Provider("cluster", {});
    const args = { objects, version: "v9.9.9", readyTimeout, formerVersions };
    const flux = new FluxInstall("flux", args, { provider });
    const dependent = new k8s.core.v1.ConfigMap("dependent", {}, { provider, dependsOn: [...flux.controllers] });
    const wide = new k8s.core.v1.ConfigMap("wide", {}, { provider, dependsOn: [flux] });
    return { flux, dependent, wide };
  });
}

const children = ({ registrations }: Recording) => registrations.filter(({ name }) => name.startsWith("flux-"));

describe("FluxInstall", () => {
  let recording: Awaited<ReturnType<typeof install>>;

  before(async () => {
    recording = await install();
  });
  const ofKinds = (...kinds: string[]) =>
    children(recording).filter(({ type }) => kinds.includes(type.split(":")[2] ?? ""));

  it("refuses a kind that it cannot register, by name", async () => {
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a", namespace: "flux-system" } };
    await assert.rejects(install([...hardened(), job]), /Job flux-system\/a has no place in the order/);
    const old = { apiVersion: "apps/v1beta1", kind: "Deployment", metadata: { name: "a" }, spec: {} };
    await assert.rejects(
      install([...hardened(), old]),
      /Deployment a is of the type apps\/v1beta1\/Deployment, which cannot be registered/,
    );
  });

  it("refuses objects without a namespace, and a timeout that is none", async () => {
    await assert.rejects(install(hardened().filter(({ kind }) => kind !== "Namespace")), /hold no Namespace/);
    await assert.rejects(install(hardened(), "soon"), /readyTimeout is soon, which is not a duration/);
  });

  it("uses the given provider for every object, and no default one", () => {
    const { urn } = recording.find("pulumi:providers:kubernetes", "cluster");
    for (const { name, provider } of children(recording)) assert.ok(provider.startsWith(urn), name);
  });

  it("registers every object once, by a name that says what it is", () => {
    const names = children(recording).map(({ name }) => name);
    assert.deepEqual([...names].sort(), [...new Set(names)].sort());
    assert.equal(names.length, hardened(everything).length);
    assert.ok(names.includes("flux-deployment-source-controller"));
    assert.ok(names.includes("flux-customresourcedefinition-gitrepositories.source.toolkit.fluxcd.io"));
    const { urn } = recording.find("fleet:flux:Install", "flux");
    for (const { name, parent } of children(recording)) assert.equal(parent, urn, name);
  });

  it("makes each group wait for the one before it, so that destroy goes the other way", () => {
    const groups: Registration[][] = [
      ofKinds("Namespace"),
      ofKinds("CustomResourceDefinition", ...rights),
      ofKinds("Service"),
      ofKinds("Deployment"),
    ];
    assert.equal(groups.flat().length, children(recording).length);
    for (const [index, group] of groups.entries()) {
      for (const earlier of groups[index - 1] ?? []) {
        for (const later of group)
          assert.ok(later.dependsOn.includes(earlier.urn), `${later.name} after ${earlier.name}`);
      }
    }
  });

  it("keeps no list of CRDs with objects that need none: the state repeats each list", () => {
    const urns = ofKinds("Namespace").map(({ urn }) => urn);
    const others = ofKinds(...rights);
    assert.ok(others.length > 20);
    for (const { name, dependsOn } of others) assert.deepEqual(dependsOn, urns, name);
  });

  it("starts each controller after all CRDs and rights, and removes it before them", () => {
    for (const controller of ofKinds("Deployment")) {
      for (const needed of ofKinds("Namespace", "CustomResourceDefinition", ...rights)) {
        assert.ok(recording.waitsFor(controller, needed), `${controller.name} after ${needed.name}`);
      }
    }
  });

  it("is removed after everything that depends on its controllers, or on it as a whole", () => {
    for (const name of ["dependent", "wide"]) {
      const dependent = recording.find("kubernetes:core/v1:ConfigMap", name);
      for (const child of children(recording))
        assert.ok(recording.waitsFor(dependent, child), `${name} before ${child.name}`);
    }
  });

  it("keeps the chain when a group is empty", async () => {
    const without = await install(hardened().filter(({ kind }) => kind !== "Service"));
    const [first] = without.ofType(deployment);
    const [account] = without.ofType("kubernetes:core/v1:ServiceAccount");
    assert.ok(first && account && first.dependsOn.includes(account.urn));
  });

  it("rolls out one controller after the other at another version, those that fetch first", async () => {
    const shards = hardened({ shards: ["untrusted"] });
    for (const formerVersions of [["v9.9.8"], ["v9.9.8", "v9.9.9"], ["v9.10.0"]]) {
      const { registrations } = await install(shards, "5m", formerVersions);
      const found = registrations.filter(({ type }) => type === deployment);
      const names = new Map(found.map(({ urn, name }) => [urn, name.replace("flux-deployment-", "")]));
      const chain = found.map(({ name, dependsOn }) => [
        name.replace("flux-deployment-", ""),
        ...dependsOn.flatMap((urn) => names.get(urn) ?? []),
      ]);
      assert.deepEqual(chain, [
        ["source-controller"],
        ["source-controller-untrusted", "source-controller"],
        ["kustomize-controller", "source-controller-untrusted"],
        ["kustomize-controller-untrusted", "kustomize-controller"],
        ["helm-controller", "kustomize-controller-untrusted"],
        ["helm-controller-untrusted", "helm-controller"],
        ["notification-controller", "helm-controller-untrusted"],
      ]);
    }
  });

  it("starts all controllers at once otherwise", async () => {
    for (const formerVersions of [[], ["v9.9.9"]]) {
      const { registrations } = await install(hardened(), "5m", formerVersions);
      const found = registrations.filter(({ type }) => type === deployment);
      const urns = found.map(({ urn }) => urn);
      assert.equal(found.length, 4);
      assert.deepEqual(
        found.flatMap(({ dependsOn }) => dependsOn.filter((urn) => urns.includes(urn))),
        [],
      );
    }
  });

  it("gives up on a controller that never gets Ready, and lets Kubernetes say why before that", async () => {
    const short = await install(hardened(), "1m30s");
    assert.equal(short.ofType(deployment).length, 4);
    for (const { customTimeouts, inputs, name } of short.ofType(deployment)) {
      assert.equal(customTimeouts.create, "1m30s", name);
      assert.equal(customTimeouts.update, "1m30s", name);
      assert.equal((inputs.spec as { progressDeadlineSeconds: number }).progressDeadlineSeconds, 72, name);
    }
  });

  it("does not wait for a Service to have pods while the pods wait for the Service", () => {
    const services = recording.ofType("kubernetes:core/v1:Service");
    assert.equal(services.length, 3);
    for (const { inputs, name } of services) {
      const { annotations } = inputs.metadata as { annotations: Record<string, string> };
      assert.equal(annotations["pulumi.com/skipAwait"], "true", name);
    }
  });

  it("patches the default account, which Kubernetes makes again whenever it is deleted", () => {
    const { inputs } = recording.find("kubernetes:core/v1:ServiceAccountPatch", "flux-serviceaccount-default");
    assert.equal(inputs.automountServiceAccountToken, false);
    assert.ok(recording.ofType("kubernetes:core/v1:ServiceAccount").every(({ name }) => !name.endsWith("-default")));
  });

  it("leaves nothing behind and protects nothing: a destroyed environment is gone", () => {
    for (const { name, retainOnDelete, protect } of children(recording)) {
      assert.deepEqual([retainOnDelete, protect], [false, false], name);
    }
  });

  it("hands schemas of CRDs on as they are", () => {
    const [first] = recording.ofType(crd);
    assert.match(JSON.stringify(first?.inputs), /x-kubernetes-preserve-unknown-fields":true/);
  });

  it("tells the namespace, and the controllers", async () => {
    const { result } = await install(hardened());
    assert.equal(await resolved(result.flux.namespace), "flux-system");
    assert.equal(result.flux.controllers.length, 4);
  });
});
