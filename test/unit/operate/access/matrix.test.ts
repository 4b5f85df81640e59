import assert from "node:assert/strict";
import type { LiveRule } from "../../../../operate/access/bindings.js";
import type { LiveAccess } from "../../../../operate/access/foreign-bindings.js";
import { accessMatrix, isDeviation, type MatrixCell } from "../../../../operate/access/matrix.js";
import { plannedReviews, tenantAccounts } from "../../../../operate/access/reviews.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import { planned, planOf } from "../../../support/unit/plans.js";

const tenants = new Map([
  ["a", "a"],
  ["a-more", "a"],
  ["b", "b"],
]);
const rbac = "rbac.authorization.k8s.io/v1";
const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "fleet-tenant-reconciler" };
const rules = [{ apiGroups: ["", "apps"], resources: ["deployments", "pods", "secrets"], verbs: ["create", "get"] }];
const plan = planOf([
  planned(`${rbac}:ClusterRole`, { name: role.name }, { rules }),
  ...[...tenants].flatMap(([namespace, tenant]) => [
    planned("core/v1:Namespace", { name: namespace }, {}, { tenant }),
    planned("core/v1:ServiceAccount", { name: "reconciler", namespace }, {}, { tenant }),
    planned(
      `${rbac}:RoleBinding`,
      { name: "reconciler", namespace },
      { roleRef: role, subjects: [{ kind: "ServiceAccount", name: "reconciler", namespace }] },
      { tenant },
    ),
  ]),
]);
const objects = plannedObjects(plan);
const accounts = tenantAccounts(objects);

type Bindings = LiveAccess["bindings"];
type Extra = Omit<Bindings[number], "identity">;

/** The cluster as planned, with further bindings. */
function live(extra: readonly Extra[] = [], missing: readonly string[] = []): LiveAccess {
  const own = [...tenants.keys()]
    .filter((namespace) => !missing.includes(namespace))
    .map((namespace): Extra => {
      const subjects = [{ kind: "ServiceAccount", name: "reconciler", namespace }];
      return { kind: "RoleBinding", metadata: { name: "reconciler", namespace, labels: {} }, roleRef: role, subjects };
    });
  return {
    bindings: [...own, ...extra].map((one, index) => ({ ...one, identity: String(index) })),
    rules: new Map<string, readonly LiveRule[]>([
      [`ClusterRole/${role.name}`, rules],
      ["ClusterRole/cluster-admin", [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]],
      ["ClusterRole/one-secret", [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["x"], verbs: ["get"] }]],
    ]),
  };
}

function extra(
  roleName: string,
  subject: { kind: string; name: string; namespace?: string },
  namespace?: string,
): Extra {
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const metadata = { name: "rogue", namespace, labels: {} };
  return { kind, metadata, roleRef: { kind: "ClusterRole", name: roleName }, subjects: [subject] };
}

function cellsOf(account: string, access: LiveAccess, answer = false): readonly MatrixCell[] {
  const reviews = plannedReviews(accounts, "flux-system");
  const answers = reviews.map(({ expected }) => expected || answer);
  const rows = accessMatrix({ accounts, planned: objects, live: access, tenants, reviews, answers });
  return rows.find((one) => one.account === account)?.cells ?? assert.fail(account);
}

const textOf = ({ right, namespace = "*", expected, found, bindings }: MatrixCell) =>
  `${right} in ${namespace}: expected ${expected}, found ${found}${bindings.length > 0 ? ` by ${bindings.join(", ")}` : ""}`;
const deviations = (account: string, access: LiveAccess) => cellsOf(account, access).filter(isDeviation).map(textOf);

describe("the access matrix", () => {
  it("has no deviation where bindings and answers are those of the plan", () => {
    for (const { namespace, name } of accounts) assert.deepEqual(deviations(`${namespace}/${name}`, live()), []);
    assert.deepEqual(
      cellsOf("a/reconciler", live())
        .filter(({ expected }) => expected)
        .map(textOf),
      [
        "create deployments.apps in a: expected true, found true by RoleBinding a/reconciler",
        "create pods in a: expected true, found true by RoleBinding a/reconciler",
        "get secrets in a: expected true, found true by RoleBinding a/reconciler",
      ],
    );
  });

  it("deviates for each right of a binding to an administrator, in the whole cluster", () => {
    const rogue = extra("cluster-admin", { kind: "ServiceAccount", name: "reconciler", namespace: "a" });
    assert.equal(deviations("a/reconciler", live([rogue])).length, 6);
    assert.deepEqual(deviations("b/reconciler", live([rogue])), []);
  });

  for (const [what, subject] of [
    ["an account", { kind: "ServiceAccount", name: "reconciler", namespace: "a" }],
    ["the name of an account as a user", { kind: "User", name: "system:serviceaccount:a:reconciler" }],
    ["the group of a namespace", { kind: "Group", name: "system:serviceaccounts:a" }],
    ["the group of all accounts", { kind: "Group", name: "system:serviceaccounts" }],
    ["everyone", { kind: "Group", name: "system:authenticated" }],
    ["requests without a token", { kind: "Group", name: "system:unauthenticated" }],
  ] as const) {
    it(`deviates for a binding of ${what} in a namespace of another tenant, and in any further one`, () => {
      for (const namespace of ["b", "kube-system"]) {
        assert.deepEqual(deviations("a/reconciler", live([extra("one-secret", subject, namespace)])), [
          `get secrets in ${namespace}: expected false, found true by RoleBinding ${namespace}/rogue`,
        ]);
      }
    });
  }

  it("leaves it to a tenant which of its accounts have rights in its own namespaces", () => {
    const own = extra("cluster-admin", { kind: "ServiceAccount", name: "default", namespace: "a" }, "a-more");
    assert.deepEqual(deviations("a/default", live([own])), []);
    assert.ok(cellsOf("a/default", live([own])).some(({ found, expected }) => found && expected === undefined));
  });

  it("deviates where a planned right is missing, and where another authorizer allows one", () => {
    assert.equal(deviations("a/reconciler", live([], ["a"])).length, 2);
    const allowed = cellsOf("a/default", live(), true).filter(isDeviation);
    assert.deepEqual(
      allowed.map(({ right, namespace = "*", review, bindings }) => [right, namespace, review, bindings.length]),
      [
        ["bind clusterroles.rbac.authorization.k8s.io", "*", true, 0],
        ["impersonate serviceaccounts", "*", true, 0],
        ["list secrets", "*", true, 0],
        ["create pods", "b", true, 0],
        ["get secrets", "b", true, 0],
        ["get secrets", "flux-system", true, 0],
      ],
    );
  });

  it("deviates where a review denies what the plan gives, whatever the bindings say", () => {
    const reviews = plannedReviews(accounts, "flux-system");
    const answers = reviews.map(() => false);
    const rows = accessMatrix({ accounts, planned: objects, live: live(), tenants, reviews, answers });
    const row = rows.find(({ account }) => account === "a/reconciler");
    assert.deepEqual(row?.cells.filter(isDeviation).map(textOf), [
      "create deployments.apps in a: expected true, found true by RoleBinding a/reconciler",
    ]);
  });
});
