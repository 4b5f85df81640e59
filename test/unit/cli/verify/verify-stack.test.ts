import assert from "node:assert/strict";
import type { PlanStackArgs } from "../../../../cli/plan-stack.js";
import { tenantLabels } from "../../../../lib/kubernetes/ownership-labels.js";
import { isDeviation } from "../../../../operate/access/matrix.js";
import { findingsOf } from "../../../../operate/verify/verification.js";
import type { StackPlan } from "../../../../review/planned-resource.js";
import type { FakeCluster } from "../../../support/unit/fake-cluster.js";
import { findingTexts, onFixture, verified } from "../../../support/unit/verified-stack.js";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" } as const;

describe("fleet verify of a cluster", () => {
  let plan: StackPlan;
  let cluster: FakeCluster;
  onFixture((fixture) => {
    ({ plan, cluster } = fixture);
  });
  const texts = async () => findingTexts(await verified(plan, cluster));

  it("has no finding where the cluster is what the plan says, and proves the policies", async () => {
    const verification = await verified(plan, cluster);
    assert.deepEqual(findingTexts(verification), []);
    assert.equal(verification.holds, true);
    assert.ok(verification.admission.proven.length >= 30, verification.admission.proven.join());
    assert.deepEqual(
      verification.admission.unproven.map(({ policy }) => policy),
      ["fleet-owned-namespaces", "fleet-quota-reserve"],
    );
    assert.equal(cluster.sent.at(-1)?.path, "/closed");
  });

  it("has the proof of each right that the plan gives, and no right beside it", async () => {
    const { accounts, matrix, admission } = await verified(plan, cluster);
    assert.deepEqual(
      accounts.map(({ account, cells }) => [account, cells.filter(isDeviation)]),
      [
        ["payments/default", []],
        ["payments/reconciler", []],
        ["team-search/default", []],
        ["team-search/reconciler", []],
      ],
    );
    const cells = accounts.flatMap(({ cells: own }) => own);
    assert.equal(cells.filter(({ review }) => review !== undefined).length, matrix.reviews);
    const own = accounts[1]?.cells.filter(({ expected }) => expected) ?? [];
    assert.deepEqual(
      own.map(({ right, namespace, bindings, review }) => [right, namespace, bindings, review]),
      [
        ["create deployments.apps", "payments", ["RoleBinding payments/reconciler"], true],
        ["create pods", "payments", ["RoleBinding payments/reconciler"], undefined],
        ["get secrets", "payments", ["RoleBinding payments/reconciler"], undefined],
        ["list secrets", "payments", ["RoleBinding payments/reconciler"], undefined],
      ],
    );
    const runs = admission.dryRuns.filter(({ policy, refusedBy, sender }) => refusedBy === policy && sender !== "");
    assert.equal(runs.length, admission.proven.length);
  });

  it("names objects that are gone, that are being deleted, and that no file asks for", async () => {
    cluster.remove("LimitRange", "tenant", "payments");
    Object.assign(cluster.get("NetworkPolicy", "tenant", "payments").metadata, {
      deletionTimestamp: "2026-11-27T00:00:00Z",
    });
    const labels = tenantLabels("staging", "team-gone");
    cluster.put(
      { group: "core", version: "v1", kind: "ConfigMap" },
      { metadata: { name: "left", namespace: "x", labels } },
    );
    assert.deepEqual(await texts(), [
      "object-unplanned ConfigMap x/left: has the label of this stack, and no file asks for it",
      "object-missing LimitRange payments/tenant: does not exist",
      "object-terminating NetworkPolicy payments/tenant: is being deleted since 2026-11-27T00:00:00Z",
    ]);
  });

  it("names a changed field, and a field that no file declares", async () => {
    const { spec } = cluster.get("ResourceQuota", "tenant", "payments") as unknown as {
      spec: { hard: Record<string, string> };
    };
    spec.hard.pods = "500";
    Object.assign(cluster.get("Namespace", "payments").metadata.labels ?? {}, {
      "pod-security.kubernetes.io/enforce": "privileged",
      "fleet.dev/shard": "other",
    });
    Object.assign(cluster.get("ValidatingAdmissionPolicyBinding", "fleet-paths").spec as object, {
      validationActions: ["Audit"],
    });
    const policy = cluster.get("ValidatingAdmissionPolicy", "fleet-nodes").spec as { matchConditions: unknown[] };
    policy.matchConditions.push({ name: "never", expression: "false" });
    const found = await texts();
    assert.deepEqual(found.map((text) => text.replace(/ instead of.*|, and no file.*/, "")).sort(), [
      'label-changed Namespace payments: metadata.labels["fleet.dev/shard"] is "other"',
      'pod-security-changed Namespace payments: metadata.labels["pod-security.kubernetes.io/enforce"] is "privileged"',
      'policy-binding-changed ValidatingAdmissionPolicyBinding fleet-paths: spec.validationActions[0] is "Audit"',
      'policy-changed ValidatingAdmissionPolicy fleet-nodes: spec.matchConditions.never is {"name":"never","expression":"false"}',
      'quota-changed ResourceQuota payments/tenant: spec.hard.pods is "500"',
    ]);
  });

  it("names a binding that gives a tenant rights elsewhere, by account, by user name and by group", async () => {
    const metadata = (name: string, namespace?: string) => ({ name, ...(namespace && { namespace }), labels: {} });
    const roleRef = { kind: "ClusterRole", name: "fleet-tenant-reconciler" };
    const bind = (kind: string, where: object, subject: object) =>
      cluster.put({ ...rbac, kind }, { metadata: where, roleRef, subjects: [subject] });
    bind("ClusterRoleBinding", metadata("rogue"), {
      kind: "ServiceAccount",
      name: "reconciler",
      namespace: "payments",
    });
    bind("ClusterRoleBinding", metadata("by-user"), { kind: "User", name: "system:serviceaccount:payments:default" });
    bind("RoleBinding", metadata("to-neighbour", "team-search"), {
      kind: "Group",
      name: "system:serviceaccounts:payments",
    });
    bind("RoleBinding", metadata("everyone", "flux-system"), { kind: "Group", name: "system:serviceaccounts" });
    bind("RoleBinding", metadata("by-hand", "payments"), { kind: "User", name: "ann" });
    // A tenant's own, a person's, and the API server's.
    const own = { roleRef: { kind: "Role", name: "own" }, metadata: metadata("own", "payments") };
    const app = { kind: "ServiceAccount", name: "app", namespace: "payments" };
    cluster.put({ ...rbac, kind: "RoleBinding" }, { ...own, subjects: [app] });
    bind("ClusterRoleBinding", metadata("person"), { kind: "User", name: "ann" });
    const discovery = {
      metadata: metadata("system:discovery"),
      rules: [{ nonResourceURLs: ["/api"], verbs: ["get"] }],
    };
    cluster.put({ ...rbac, kind: "ClusterRole" }, discovery);
    cluster.put(
      { ...rbac, kind: "ClusterRoleBinding" },
      {
        metadata: metadata("system:discovery"),
        roleRef: { kind: "ClusterRole", name: "system:discovery" },
        subjects: [{ kind: "Group", name: "system:authenticated" }],
      },
    );
    const found = await texts();
    assert.deepEqual(found.map((text) => text.replace(/ the ClusterRole.*/, "")).sort(), [
      "binding-foreign ClusterRoleBinding by-user: gives accounts of the namespace payments",
      "binding-foreign ClusterRoleBinding rogue: gives accounts of the namespace payments",
      "binding-foreign RoleBinding flux-system/everyone: gives accounts of every tenant",
      "binding-foreign RoleBinding payments/by-hand: gives the User ann",
      "binding-foreign RoleBinding team-search/to-neighbour: gives accounts of the namespace payments",
    ]);
  });

  it("names a policy that accepts its violation, and a right that another authorizer gives", async () => {
    cluster.silent.add("fleet-host-ports");
    cluster.granted.add("system:serviceaccount:payments:default get secrets");
    assert.deepEqual(await texts(), [
      "admission-allowed ValidatingAdmissionPolicy fleet-host-ports: a dry run of Deployment payments/fleet-verify, which the policy must refuse, was accepted for payments/reconciler",
      "access-open account system:serviceaccount:payments:default: may get secrets in the namespace flux-system",
      "access-open account system:serviceaccount:payments:default: may get secrets in the namespace team-search",
    ]);
  });

  it("names a sync that is suspended, not Ready, or behind its source", async () => {
    Object.assign(cluster.get("Kustomization", "team-search", "team-search").spec as object, { suspend: true });
    const failed = { conditions: [{ type: "Ready", status: "False", message: "kustomize build failed" }] };
    Object.assign(cluster.get("GitRepository", "platform", "flux-system"), { status: failed });
    const { status } = cluster.get("Kustomization", "team-payments", "payments") as unknown as { status: object };
    Object.assign(status, { lastAppliedRevision: "main@sha1:0" });
    assert.deepEqual(await texts(), [
      "sync-not-ready GitRepository flux-system/platform: is not Ready: kustomize build failed",
      "sync-behind Kustomization payments/team-payments: has applied main@sha1:0, and its source is at main@sha1:1",
      "sync-suspended Kustomization team-search/team-search: spec.suspend is true instead of false",
    ]);
  });

  it("takes the freeze of a file for no finding, and names one by hand, and one that was ended by hand", async () => {
    const source = (of: FakeCluster) => of.get("GitRepository", "team-search", "team-search").spec as object;
    Object.assign(source(cluster), { suspend: true });
    const [byHand] = findingsOf(await verified(plan, cluster));
    assert.equal(byHand?.kind, "sync-suspended");
    assert.match(byHand?.fix ?? "", /^flux --namespace team-search resume source git team-search/);
    const frozen = frozenPlan(plan);
    assert.deepEqual(findingTexts(await verified(frozen, cluster)), []);
    Object.assign(source(cluster), { suspend: false });
    const [ended] = findingsOf(await verified(frozen, cluster));
    assert.deepEqual([ended?.kind, ended?.difference], ["sync-changed", "spec.suspend is false instead of true"]);
    assert.match(ended?.fix ?? "", /^pulumi up --refresh takes it back/);
  });

  it("names a Secret whose content another client wrote, and never its content", async () => {
    const secret = cluster.get("Secret", "tenant-git", "payments");
    const fieldsV1 = { "f:data": { "f:identity": {} } };
    Object.assign(secret, { data: { identity: "aHVudGVyMg==" } });
    Object.assign(secret.metadata, { managedFields: [{ manager: "kubectl-edit", operation: "Update", fieldsV1 }] });
    const verification = await verified(plan, cluster);
    assert.deepEqual(findingTexts(verification), [
      "secret-changed Secret payments/tenant-git: its content (identity) was written by kubectl-edit",
    ]);
    assert.doesNotMatch(JSON.stringify(verification), /hunter2|aHVudGVyMg/);
  });

  it("names a Secret whose notes of writers were removed", async () => {
    const { metadata } = cluster.get("Secret", "tenant-git", "payments");
    Object.assign(cluster.get("Secret", "tenant-git", "payments"), { data: { identity: "aHVudGVyMg==" } });
    Object.assign(metadata, { managedFields: [] });
    assert.deepEqual(await texts(), [
      "secret-changed Secret payments/tenant-git: its content (identity) was written by a client that Kubernetes does not note",
    ]);
  });

  it("expects the clone URLs of a server of GitHub that a person names, where GitHub is not asked", async () => {
    const asked: (string | undefined)[] = [];
    const use = { connect: async () => cluster, now: () => 0 };
    for (const sshAddress of [undefined, "ssh.example.com:2222"]) {
      const planning = async ({ gitHub }: PlanStackArgs) => {
        asked.push(gitHub?.clonePrefix);
        return plan;
      };
      await verified(plan, cluster, { sshAddress }, { ...use, plan: planning });
    }
    assert.deepEqual(asked, ["git@github.com:acme/", "ssh://git@ssh.example.com:2222/acme/"]);
  });
});

/** The plan with the source of team-search suspended, as a freeze of its file has it. */
function frozenPlan(plan: StackPlan): StackPlan {
  const resources = plan.resources.map((one) => {
    const { metadata, spec } = one.inputs as { readonly metadata?: { readonly name?: string }; readonly spec?: object };
    const isSource = one.type.endsWith(":GitRepository") && metadata?.name === "team-search";
    return isSource ? { ...one, inputs: { ...one.inputs, spec: { ...spec, suspend: true } } } : one;
  });
  return { ...plan, resources };
}
