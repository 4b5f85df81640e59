import { account, binding, namespace, role } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `controller-rights`. */
export const controllerRightsCases: RuleCases = {
  violating: [
    {
      title: "a new verb",
      before: [role(["get"])],
      after: [role(["get", "delete"])],
      messages: ["new right: controller may delete deployments.apps"],
    },
    {
      title: "a new binding",
      before: [role(["get"])],
      after: [role(["get"]), binding("controller", [account("source-controller", "flux-system")])],
      messages: [
        "new right: ServiceAccount flux-system/source-controller has the role controller on the whole cluster",
      ],
    },
    {
      title: "a role outside its namespaces that a tenant's component registers",
      before: [namespace("a"), role(["get"], { tenant: "a" })],
      after: [namespace("a"), role(["get", "list"], { tenant: "a" })],
      messages: ["new right: controller may list deployments.apps"],
    },
    {
      title: "a role of a tenant on the whole cluster",
      before: [namespace("a")],
      after: [namespace("a"), binding("view", [account("reconciler", "a")], "a")],
      messages: ["new right: ServiceAccount a/reconciler has the role view on the whole cluster"],
    },
    {
      title: "a role that becomes a part of another one",
      before: [role(["get"])],
      after: [
        role(["get"], {
          labels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" },
          selectors: [{ matchLabels: { any: "true" } }],
        }),
      ],
      messages: [
        "new right: the role admin has all rights of controller",
        'new right: controller has all rights of roles with {"matchLabels":{"any":"true"}}',
      ],
    },
  ],
  clean: [
    {
      title: "rights that are there in another order",
      before: [role(["get", "list"])],
      after: [role(["list", "get"])],
    },
    { title: "fewer rights", before: [role(["get", "list"])], after: [role(["get"])] },
    {
      title: "rights of a role in a tenant's namespace",
      before: [namespace("a"), role(["get"], { tenant: "a", namespace: "a" })],
      after: [namespace("a"), role(["get", "list"], { tenant: "a", namespace: "a" })],
    },
    { title: "nothing to compare with", after: [role(["*"])] },
  ],
};
