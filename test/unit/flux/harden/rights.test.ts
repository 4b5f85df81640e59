import assert from "node:assert/strict";
import { clusterRoleBindings, type PolicyRule } from "../../../../flux/harden/rbac.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { fluxManifest, releaseWith } from "../../../support/unit/flux-manifest.js";
import { everything, find, hardened } from "../../../support/unit/hardened.js";

const rulesOf = (object: KubernetesObject) => object.rules as readonly PolicyRule[];
const grants = (objects: readonly KubernetesObject[], resource: string) =>
  objects
    .filter(({ kind }) => kind === "ClusterRole")
    .flatMap(rulesOf)
    .filter(({ resources = [] }) => resources.includes(resource));

describe("the rights of Flux", () => {
  it("are not part of the roles edit and admin in a namespace", () => {
    const objects = hardened(everything);
    for (const object of objects.filter(({ kind }) => kind === "ClusterRole")) {
      const labels = Object.keys(object.metadata.labels ?? {});
      if (!labels.some((label) => label.includes("aggregate-to"))) continue;
      const verbs = rulesOf(object).flatMap((rule) => rule.verbs);
      assert.deepEqual(
        verbs.filter((verb) => !["get", "list", "watch"].includes(verb)),
        [],
        object.metadata.name,
      );
    }
    assert.ok(rulesOf(find(objects, "ClusterRole flux-edit")).length > 0, "flux-edit stays, for explicit bindings");
  });

  it("still let a tenant see its own syncs", () => {
    const labels = find(hardened(), "ClusterRole flux-view").metadata.labels;
    assert.equal(labels?.["rbac.authorization.k8s.io/aggregate-to-view"], "true");
    assert.equal(labels?.["rbac.authorization.k8s.io/aggregate-to-admin"], "true");
  });

  it("hold no cluster-admin: who applies for others may impersonate service accounts, and only those", () => {
    const objects = hardened(everything);
    assert.deepEqual(
      clusterRoleBindings.of(objects).filter(({ roleRef }) => roleRef.name === "cluster-admin"),
      [],
    );
    assert.deepEqual(rulesOf(find(objects, "ClusterRole flux-impersonator")), [
      { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
    ]);
    const impersonators = clusterRoleBindings.of(objects).filter(({ roleRef }) => roleRef.name === "flux-impersonator");
    assert.deepEqual(impersonators.flatMap(({ subjects }) => subjects.map(({ name }) => name)).sort(), [
      "helm-controller",
      "kustomize-controller",
    ]);
  });

  it("hold cluster-admin only on a stack that says so, and then nothing else is added", () => {
    const objects = hardened({ controllerRights: "cluster-admin" });
    const admins = clusterRoleBindings.of(objects).filter(({ roleRef }) => roleRef.name === "cluster-admin");
    assert.deepEqual(admins.flatMap(({ subjects }) => subjects.map(({ name }) => name)).sort(), [
      "helm-controller",
      "kustomize-controller",
    ]);
    assert.deepEqual(
      objects.filter(({ metadata }) => metadata.name === "flux-impersonator"),
      [],
    );
  });

  it("hold no way to mint tokens, wherever in the role the rule stands", () => {
    assert.equal(grants(fluxManifest(), "serviceaccounts/token").length, 1);
    assert.deepEqual(grants(hardened(), "serviceaccounts/token"), []);
    const reversed = releaseWith("ClusterRole crd-controller", "rules", (rules) => [...(rules as unknown[])].reverse());
    assert.deepEqual(grants(hardened({}, reversed), "serviceaccounts/token"), []);
  });

  it("keep minting tokens for the controller that is started with object-level workload identity, and for no other", () => {
    const objects = hardened({
      controllers: { "source-controller": { args: ["--feature-gates=ObjectLevelWorkloadIdentity=true"] } },
    });
    const roles = objects.filter(({ kind }) => kind === "ClusterRole");
    const minting = roles.filter((role) => grants([role], "serviceaccounts/token").length > 0);
    assert.deepEqual(
      minting.map(({ metadata }) => metadata.name),
      ["flux-source-controller"],
    );
  });
});
