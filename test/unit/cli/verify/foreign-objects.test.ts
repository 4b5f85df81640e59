import assert from "node:assert/strict";
import type { VerifyArgs } from "../../../../cli/verify/verify-stack.js";
import type { StackPlan } from "../../../../review/planned-resource.js";
import { FakeCluster } from "../../../support/unit/fake-cluster.js";
import { planned } from "../../../support/unit/plans.js";
import { findingTexts, planOfTenants, verified } from "../../../support/unit/verified-stack.js";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" } as const;
const admission = { group: "admissionregistration.k8s.io", version: "v1" } as const;
const kustomization = { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" } as const;
const release = { group: "helm.toolkit.fluxcd.io", version: "v2", kind: "HelmRelease" } as const;
const webhook = { ...admission, kind: "MutatingWebhookConfiguration" } as const;
const ready = { conditions: [{ type: "Ready", status: "True" }] };
const everyone = { kind: "Group", name: "system:authenticated" };

/** A plan of two tenants, and of the sync of the platform's repository. */
function planWithPlatform(): StackPlan {
  const plan = planOfTenants(2);
  const labels = { "app.kubernetes.io/managed-by": "fleet" };
  const platform = planned(
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    { name: "platform", namespace: "flux-system", labels },
    { spec: { sourceRef: { kind: "GitRepository", name: "platform" } } },
  );
  return { ...plan, resources: [...plan.resources, platform] };
}

describe("objects that no file asks for", () => {
  let plan: StackPlan;
  let cluster: FakeCluster;
  beforeEach(() => {
    plan = planWithPlatform();
    cluster = new FakeCluster(plan);
    applies("platform", "flux-system_infrastructure_kustomize.toolkit.fluxcd.io_Kustomization");
  });

  /** Has a sync of flux-system apply objects. */
  function applies(name: string, ...ids: readonly string[]): void {
    const entries = ids.map((id) => ({ id, v: "v1" }));
    const { metadata, spec } = cluster.get("Kustomization", name, "flux-system");
    cluster.put(kustomization, { metadata, spec, status: { ...ready, inventory: { entries } } });
  }
  const put = (type: Parameters<FakeCluster["put"]>[0], metadata: object, fields: object = {}) =>
    cluster.put(type, { metadata, ...fields });
  const texts = async (args?: Partial<VerifyArgs>) => findingTexts(await verified(plan, cluster, args));
  const bind = (kind: string, metadata: object, role: string, ...subjects: readonly object[]) =>
    put({ ...rbac, kind }, metadata, { roleRef: { kind: "ClusterRole", name: role }, subjects });

  it("are bindings to everyone, whatever labels they have, also to those without a token", async () => {
    const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
    put(
      { ...rbac, kind: "ClusterRole" },
      { name: "all" },
      { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
    );
    bind("ClusterRoleBinding", { name: "like-kubernetes", labels }, "all", everyone);
    bind("ClusterRoleBinding", { name: "by-group" }, "all", { kind: "Group", name: "system:unauthenticated" });
    bind("RoleBinding", { name: "by-user", namespace: "flux-system" }, "all", {
      kind: "User",
      name: "system:anonymous",
    });
    const rights = "gives accounts of every tenant the ClusterRole all: * *";
    assert.deepEqual(await texts(), [
      `binding-foreign ClusterRoleBinding by-group: ${rights}`,
      `binding-foreign ClusterRoleBinding like-kubernetes: ${rights}`,
      `binding-foreign RoleBinding flux-system/by-user: ${rights}`,
    ]);
  });

  it("are bindings of Kubernetes itself whose role has further rules", async () => {
    const rules = [{ apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews"], verbs: ["create"] }];
    const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
    put({ ...rbac, kind: "ClusterRole" }, { name: "system:basic-user", labels }, { rules });
    bind("ClusterRoleBinding", { name: "system:basic-user", labels }, "system:basic-user", everyone);
    assert.deepEqual(await texts(), []);
    rules.push({ apiGroups: [""], resources: ["secrets"], verbs: ["get"] });
    assert.match(
      (await texts()).join("\n"),
      /^binding-foreign ClusterRoleBinding system:basic-user: gives accounts of every tenant/,
    );
  });

  it("are bindings that only have the name of OpenShift's role", async () => {
    const place = { name: "system:deployers", namespace: "team-0" };
    const role = "system:deployer";
    bind("RoleBinding", place, role, { kind: "ServiceAccount", name: "deployer", namespace: "team-0" });
    assert.deepEqual(await texts(), []);
    bind("RoleBinding", place, role, { kind: "User", name: "ann" });
    assert.match(
      (await texts()).join("\n"),
      /^binding-foreign RoleBinding team-0\/system:deployers: gives the User ann/,
    );
    const own = { kind: "ServiceAccount", name: "reconciler", namespace: "team-0" };
    put({ ...rbac, kind: "RoleBinding" }, place, { roleRef: { kind: "Role", name: role }, subjects: [own] });
    assert.match((await texts()).join("\n"), /^binding-foreign RoleBinding team-0\/system:deployers/);
  });

  it("are webhooks, mutating policies and further API servers, unless the call accepts them", async () => {
    put(webhook, { name: "rogue" });
    put({ ...admission, kind: "ValidatingWebhookConfiguration" }, { name: "rogue" });
    put({ ...admission, kind: "MutatingAdmissionPolicy" }, { name: "rogue" });
    put({ ...admission, kind: "MutatingAdmissionPolicyBinding" }, { name: "rogue" });
    const api = { group: "apiregistration.k8s.io", version: "v1", kind: "APIService" };
    put(api, { name: "v1.apps" }, { spec: { service: null } });
    put(api, { name: "v1.rogue.example.com" }, { spec: { service: { name: "x", namespace: "y" } } });
    const by = "no sync of the platform's repository applied it";
    assert.deepEqual(await texts({ accepted: ["ValidatingWebhookConfiguration rogue", "APIService gone"] }), [
      `extension-foreign APIService v1.rogue.example.com: ${by}`,
      `extension-foreign MutatingAdmissionPolicy rogue: ${by}`,
      `extension-foreign MutatingAdmissionPolicyBinding rogue: ${by}`,
      `extension-foreign MutatingWebhookConfiguration rogue: ${by}`,
    ]);
    const { accepted } = await verified(plan, cluster, { accepted: ["ValidatingWebhookConfiguration rogue"] });
    assert.deepEqual(accepted, ["ValidatingWebhookConfiguration rogue"]);
  });

  it("are no webhooks of a chart that the platform's repository applies, but those that only have its labels", async () => {
    const chart = { "helm.toolkit.fluxcd.io/name": "cert-manager", "helm.toolkit.fluxcd.io/namespace": "cert-manager" };
    put(webhook, { name: "cert-manager-webhook", labels: chart });
    put(release, { name: "cert-manager", namespace: "cert-manager" }, { spec: {}, status: ready });
    const foreign = await texts();
    assert.deepEqual(
      foreign.map((text) => text.split(":", 1)[0]),
      [
        "extension-foreign MutatingWebhookConfiguration cert-manager-webhook",
        "sync-foreign HelmRelease cert-manager/cert-manager",
      ],
    );
    put(kustomization, { name: "infrastructure", namespace: "flux-system" }, { spec: {} });
    applies("infrastructure", "cert-manager_cert-manager_helm.toolkit.fluxcd.io_HelmRelease");
    assert.deepEqual(await texts(), []);
  });

  it("are syncs outside of the tenants, and those of the platform must run and be Ready", async () => {
    put(kustomization, { name: "rogue", namespace: "default", labels: { "fleet.dev/tenant": "team-0" } }, { spec: {} });
    put(
      kustomization,
      { name: "infrastructure", namespace: "flux-system" },
      { spec: { suspend: true }, status: ready },
    );
    const [rogue, ...others] = await texts();
    assert.deepEqual(others, ["sync-suspended Kustomization flux-system/infrastructure: spec.suspend is true"]);
    assert.equal(
      rogue,
      "sync-foreign Kustomization default/rogue: no sync of the platform's repository applied it; its account is none",
    );
    const failed = { conditions: [{ type: "Ready", status: "False", message: "no\u001b[2J" }] };
    put(kustomization, { name: "infrastructure", namespace: "flux-system" }, { spec: {}, status: failed });
    assert.equal(
      (await texts()).at(-1),
      "sync-not-ready Kustomization flux-system/infrastructure: is not Ready: no\\u{1b}[2J",
    );
  });

  it("are namespaces with a label by which policies take them for a tenant's", async () => {
    const namespace = { group: "core", version: "v1", kind: "Namespace" };
    put(namespace, { name: "kube-system", labels: { "kubernetes.io/metadata.name": "kube-system" } });
    put(namespace, { name: "fake", labels: { "fleet.dev/tenant": "team-0" } });
    assert.deepEqual(await texts(), [
      "object-unplanned Namespace fake: has the platform's label fleet.dev/tenant, and no file asks for it",
    ]);
  });

  it("are objects in a tenant's namespace that the policies in force, or RBAC, refuse to the tenant", async () => {
    const place = { namespace: "team-0" };
    const network = { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" };
    put(network, { ...place, name: "open", labels: { a: "b" } }, { spec: { podSelector: {}, ingress: [{}] } });
    put(network, { ...place, name: "own" }, { spec: { podSelector: {} } });
    put(network, { name: "open", namespace: "elsewhere" }, { spec: { podSelector: {} } });
    put({ ...rbac, kind: "Role" }, { ...place, name: "wide" }, { rules: [] });
    put(kustomization, { ...place, name: "second" }, { spec: { serviceAccountName: "other" }, status: ready });
    cluster.refused.set(
      "NetworkPolicy open",
      "x is forbidden: ValidatingAdmissionPolicy 'fleet-network-policies' with binding 'fleet-network-policies' denied request: no",
    );
    cluster.refused.set("Role wide", 'user "x" is attempting to grant RBAC permissions not currently held:\n{}');
    cluster.refused.set("Kustomization second", 'User "x" cannot create resource "kustomizations" in API group "y"');
    assert.deepEqual(await texts(), [
      "object-refused Kustomization team-0/second: the tenant has no right to this kind, so team-0/reconciler could not create it",
      "object-refused NetworkPolicy team-0/open: the policy fleet-network-policies refuses it, so team-0/reconciler could not create it",
      "object-refused Role team-0/wide: it gives rights that the tenant does not have, so team-0/reconciler could not create it",
    ]);
    const sent = cluster.sent.find(
      ({ method, path }) => method === "POST" && path.includes("/networkpolicies?dryRun=All"),
    );
    assert.deepEqual(sent?.body, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "open", namespace: "team-0", labels: { a: "b" }, annotations: {} },
      spec: { podSelector: {}, ingress: [{}] },
    });
    assert.equal(sent?.headers?.["impersonate-user"], "system:serviceaccount:team-0:reconciler");
  });
});
