import { planned } from "../../../../support/unit/plans.js";
import type { ConsequenceCases } from "./consequence-cases.js";
import { account, bound, rbac, role } from "./objects.js";

/** Changes of roles and their bindings. */
export const rolesCases: ConsequenceCases = {
  "a role that becomes a part of another one": [
    [planned(`${rbac}:ClusterRole`, { name: "extra" })],
    [
      planned(
        `${rbac}:ClusterRole`,
        { name: "extra", labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } },
        { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } },
      ),
    ],
    "gained: role edit now has all rights of extra",
    "gained: role extra now has all rights of roles with a=b",
  ],
  "a controller that becomes cluster-admin": [
    [],
    [bound("cluster-admin", account("flux-system", "kustomize-controller"))],
    "gained: flux-system/kustomize-controller becomes cluster-admin",
  ],
  "a group that loses a role": [
    [bound("viewer", { kind: "Group", name: "devs" }, "search")],
    [],
    "lost: Group devs loses ClusterRole viewer in search",
  ],
  "a binding under another name": [
    [bound("viewer", { kind: "Group", name: "devs" }, "search")],
    [{ ...bound("viewer", { kind: "Group", name: "devs" }, "search"), name: "other" }],
  ],
  "verbs of a role": [
    [role(["get"])],
    [role(["get", "update", "patch"])],
    "gained: role r now allows secrets (update, patch)",
  ],
  "rules that are only divided in another way": [
    [role(["get", "list"], ["secrets", "pods"])],
    [
      planned(
        `${rbac}:ClusterRole`,
        { name: "r" },
        {
          rules: [
            { apiGroups: [""], resources: ["pods"], verbs: ["list", "get"] },
            { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] },
          ],
        },
      ),
    ],
  ],
  "an add-on for a tenant": [
    [],
    [bound("fleet-tenant-addon-cert-manager", account("search", "reconciler"), "search")],
    "gained: search/reconciler gets ClusterRole fleet-tenant-addon-cert-manager in search",
  ],
};
