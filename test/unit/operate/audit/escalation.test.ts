import assert from "node:assert/strict";
import type { LiveObject } from "../../../../lib/kubernetes/live-object.js";
import { auditCluster } from "../../../../operate/audit/audit-cluster.js";
import type { AuditedCluster } from "../../../../operate/audit/audited-cluster.js";
import {
  account,
  bindingTo,
  installedCluster,
  liveObject,
  lockedArgs,
  ordinaryTenant,
  readyLive,
  rule,
  withObjects,
} from "../../../support/unit/audited-cluster.js";

/** A cluster under lockdown with one tenant, whose sync applies as `a/reconciler` with these rights in its namespace. */
function tenantWith(rules: readonly object[], added: AuditedCluster = {}, args: readonly string[] = lockedArgs) {
  const sourceRef = { kind: "GitRepository", name: "app" };
  const cluster = withObjects(installedCluster(args), {
    Kustomization: [readyLive("a", "app", { sourceRef, serviceAccountName: "reconciler" })],
    ClusterRole: [liveObject({ name: "tenant" }, { rules })],
    RoleBinding: [bindingTo("tenant", "reconciler", [account("a", "reconciler")], "a")],
  });
  return escalations(withObjects(cluster, added));
}

function escalations(cluster: AuditedCluster) {
  return auditCluster(cluster).findings.filter(({ rule: name }) => name === "escalation-path");
}

const begin = [
  "the writers of GitRepository a/app decide the content of Kustomization a/app",
  "Kustomization a/app is applied as a/reconciler",
];

const boundPolicy = (name: string, ...validationActions: readonly string[]) => {
  return liveObject({ name: `${name}-binding` }, { spec: { policyName: name, validationActions } });
};

describe("ways from a tenant to the whole cluster", () => {
  it("name the admission policies that may refuse a step, and none that only warns", () => {
    const detailWith = (...bindings: readonly LiveObject[]) => {
      const cluster = withObjects(installedCluster(), ordinaryTenant("a"));
      return escalations(withObjects(cluster, { ValidatingAdmissionPolicyBinding: bindings }))[0]?.detail;
    };
    const rights =
      "flux-system/kustomize-controller may do everything (ClusterRoleBinding cluster-reconciler-flux-system: ClusterRole cluster-admin)";
    assert.equal(detailWith(), rights);
    assert.equal(detailWith(boundPolicy("paths", "Warn", "Audit"), boundPolicy("other")), rights);
    assert.equal(
      detailWith(boundPolicy("paths", "Warn"), boundPolicy("images", "Audit", "Deny"), boundPolicy("images", "Deny")),
      `${rights}; the ValidatingAdmissionPolicy images is bound, and may refuse a step that these rights allow`,
    );
    const many = ["d", "a", "c", "b", "e"].map((name) => boundPolicy(name, "Deny"));
    assert.equal(
      detailWith(...many),
      `${rights}; ValidatingAdmissionPolicies are bound (a, b, c, 2 more), and may refuse a step that these rights allow`,
    );
  });

  it("lead over the controller's own rights, where a sync names no account", () => {
    const [found, ...others] = escalations(withObjects(installedCluster(), ordinaryTenant("a")));
    assert.deepEqual(others, []);
    assert.deepEqual([found?.severity, found?.object], ["high", "Kustomization a/app"]);
    assert.deepEqual(found?.steps, [
      "the writers of GitRepository a/app decide the content of Kustomization a/app",
      "Kustomization a/app names no service account, so it is applied as flux-system/kustomize-controller",
      "flux-system/kustomize-controller may do everything (ClusterRoleBinding cluster-reconciler-flux-system: ClusterRole cluster-admin)",
    ]);
    assert.match(found?.fix ?? "", /"serviceAccountName":"reconciler"/);
  });

  it("lead over a second sync that the tenant creates, where the controllers have no default account", () => {
    const [found] = tenantWith([rule("kustomize.toolkit.fluxcd.io", "kustomizations", "create")], {}, []);
    assert.deepEqual(found?.steps, [
      ...begin,
      "a/reconciler may create kustomizations in a (RoleBinding a/reconciler: ClusterRole tenant); one without a service account is applied as flux-system/kustomize-controller",
      "flux-system/kustomize-controller may do everything (ClusterRoleBinding cluster-reconciler-flux-system: ClusterRole cluster-admin)",
    ]);
  });

  it("lead over a rogue binding of another account of the namespace, which the fix deletes", () => {
    const rogue = { ClusterRoleBinding: [bindingTo("cluster-admin", "rogue", [account("a", "ci")])] };
    const [found] = tenantWith([rule("apps", "deployments", "create")], rogue);
    assert.deepEqual(found?.steps, [
      ...begin,
      "a/reconciler may create deployments in a (RoleBinding a/reconciler: ClusterRole tenant), so it acts as a/ci",
      "a/ci may do everything (ClusterRoleBinding rogue: ClusterRole cluster-admin)",
    ]);
    assert.equal(found?.fix, "kubectl delete clusterrolebindings.rbac.authorization.k8s.io/rogue");
  });

  it("lead over pods in every namespace to a controller of Flux", () => {
    const wide = {
      ClusterRole: [liveObject({ name: "runner" }, { rules: [rule("", "pods", "create")] })],
      ClusterRoleBinding: [bindingTo("runner", "runner", [{ kind: "Group", name: "system:serviceaccounts:a" }])],
    };
    const [found] = tenantWith([], wide);
    assert.match(
      found?.steps[2] ?? "",
      /may create pods in every namespace .* so it acts as flux-system\/helm-controller$/,
    );
  });

  for (const [title, rules] of [
    ["bind cluster-admin", [rule("rbac.authorization.k8s.io", "*", "bind", "create")]],
    ["widen any ClusterRole", [rule("rbac.authorization.k8s.io", "clusterroles", "escalate", "patch")]],
    ["act as any user", [rule("", "*", "impersonate")]],
    ["read the Secrets", [rule("", "secrets", "list")]],
    ["do everything", [rule("*", "*", "*")]],
  ] as const) {
    it(`end with the right to ${title}, in the whole cluster alone`, () => {
      const ClusterRoleBinding = [bindingTo("tenant", "wide", [account("a", "reconciler")])];
      assert.match(tenantWith(rules, { ClusterRoleBinding })[0]?.detail ?? "", new RegExp(`may ${title}`));
      assert.deepEqual(tenantWith(rules), []);
    });
  }

  it("lead from a group of people over an account that it may use", () => {
    const group = { kind: "Group", name: "shop-developers" };
    const [found, ...others] = escalations(
      withObjects(installedCluster(lockedArgs), {
        RoleBinding: [bindingTo("deployer", "developers", [group], "shop")],
        ClusterRoleBinding: [bindingTo("cluster-admin", "legacy", [account("shop", "jenkins")])],
      }),
    );
    assert.deepEqual([found?.object, others], ["RoleBinding shop/developers", []]);
    assert.equal(found?.steps.length, 3);
  });

  it("do not exist for people who are administrators already, for the platform's syncs, and for other clusters", () => {
    const group = { kind: "Group", name: "admins" };
    const kubeConfig = { secretRef: { name: "other" } };
    const found = escalations(
      withObjects(installedCluster(lockedArgs), {
        Kustomization: [
          readyLive("flux-system", "flux-system", { serviceAccountName: "kustomize-controller" }),
          readyLive("a", "remote", { kubeConfig }),
        ],
        RoleBinding: [bindingTo("deployer", "admins", [group], "a")],
        ClusterRoleBinding: [bindingTo("cluster-admin", "admins", [group])],
      }),
    );
    assert.deepEqual(found, []);
  });

  it("do not exist under lockdown for a tenant with rights in its own namespace, nor by a rule for named objects", () => {
    const own = [rule("kustomize.toolkit.fluxcd.io", "*", "*"), rule("", "*", "*"), rule("apps", "*", "*")];
    assert.deepEqual(tenantWith(own), []);
    const named = { ...rule("", "secrets", "get"), resourceNames: ["ca"] };
    const ClusterRoleBinding = [bindingTo("tenant", "wide", [account("a", "reconciler")])];
    assert.deepEqual(tenantWith([named], { ClusterRoleBinding }), []);
  });
});

describe("audit of bindings", () => {
  const bindings = (added: AuditedCluster) =>
    auditCluster(withObjects(installedCluster(lockedArgs), added))
      .findings.filter(({ rule: name }) => name.startsWith("binding-"))
      .map(({ severity, rule: name, object, detail }) => `${severity} ${name} ${object} ${detail}`);
  const flux =
    "medium binding-cluster-admin ClusterRoleBinding cluster-reconciler-flux-system gives the ServiceAccount flux-system/helm-controller, the ServiceAccount flux-system/kustomize-controller the ClusterRole cluster-admin";

  it("name cluster-admin by its rules, for accounts of other namespaces and for groups of all as the worst", () => {
    const copy = liveObject({ name: "copy" }, { rules: [rule("*", "*", "*")] });
    const everyone = { kind: "Group", name: "system:authenticated" };
    const found = bindings({
      ClusterRole: [copy],
      ClusterRoleBinding: [
        bindingTo("copy", "rogue", [account("a", "ci")]),
        bindingTo("cluster-admin", "open", [everyone]),
        bindingTo("cluster-admin", "people", [{ kind: "Group", name: "admins" }]),
      ],
      RoleBinding: [bindingTo("cluster-admin", "tenant", [account("a", "reconciler")], "a")],
    });
    assert.deepEqual(found, [
      "high binding-cluster-admin ClusterRoleBinding open gives the Group system:authenticated the ClusterRole cluster-admin",
      "high binding-cluster-admin ClusterRoleBinding rogue gives the ServiceAccount a/ci the ClusterRole copy",
      flux,
      "medium binding-cluster-admin ClusterRoleBinding people gives the Group admins the ClusterRole cluster-admin",
      "low binding-namespace-admin RoleBinding a/tenant gives the ServiceAccount a/reconciler the ClusterRole cluster-admin",
    ]);
  });

  it("leave out those of the API server itself, of other roles, and of roles that do not exist", () => {
    const masters = bindingTo("cluster-admin", "cluster-admin", [{ kind: "Group", name: "system:masters" }]);
    const labels = { "kubernetes.io/bootstrapping": "rbac-defaults" };
    const found = bindings({
      ClusterRoleBinding: [
        { ...masters, metadata: { ...masters.metadata, labels } },
        bindingTo("deployer", "deployer", [account("a", "ci")]),
        bindingTo("gone", "gone", [account("a", "ci")]),
      ],
    });
    assert.deepEqual(found, [flux]);
  });
});
