import assert from "node:assert/strict";
import { findForeignBindings } from "../../../../operate/access/foreign-bindings.js";
import { findLeftOver } from "../../../../operate/verify/left-over.js";
import { liveObject } from "../../../support/unit/audited-cluster.js";

// Kubernetes refuses such a name to most kinds, and to none of RBAC's.
const name = "x;id";

describe("the commands that findings name", () => {
  it("have the name of an object that is left over as one word", () => {
    const type = { group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole" };
    const labels = { "app.kubernetes.io/managed-by": "fleet", "fleet.dev/stack": "prod" };
    const listed = [{ kind: "ClusterRole", type, identity: name, object: liveObject({ name, labels }) }];
    const [found] = findLeftOver(listed, { stack: "prod", planned: new Set() });
    assert.match(found?.fix ?? "", /: kubectl delete 'clusterrole\/x;id'$/);
  });

  it("have the name of a foreign binding as one word, and no flag", () => {
    const bindings = [name, "--all"].map((one) => ({
      kind: "RoleBinding" as const,
      metadata: { name: one, namespace: "a", labels: {} },
      identity: one,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "reconciler", namespace: "b" }],
    }));
    const tenants = new Map([
      ["a", "a"],
      ["b", "b"],
    ]);
    const found = findForeignBindings({ bindings, rules: new Map() }, tenants, new Set());
    assert.deepEqual(
      found.map(({ fix }) => fix),
      ["kubectl delete 'rolebinding/x;id' --namespace a", "kubectl delete rolebinding/--all --namespace a"],
    );
  });
});
