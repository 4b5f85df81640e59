import { planned } from "../../../../support/unit/plan.js";
import type { RuleCases } from "./rule-case.js";

const name = "fleet-tenant-addon-keda";
const role = (rules: readonly object[], of = name) =>
  planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", of, { metadata: { name: of }, rules });
const own = { apiGroups: ["keda.sh"], resources: ["scaledobjects"], verbs: ["create"] };
const binding = (kind: string, tenant: string | undefined) => {
  const inputs = {
    metadata: { name: "addon-keda", namespace: tenant ?? "platform" },
    roleRef: { kind: "ClusterRole", name },
  };
  return planned(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`, "addon-keda", inputs, tenant);
};
const policy = planned("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", "keda", {
  metadata: { name: "fleet-addon-keda" },
});

/** The cases of the rule `addon-rights`. */
export const addonRightsCases: RuleCases = {
  violating: [
    {
      title: "a role with every verb, and one with a kind of Kubernetes",
      after: [
        role([
          { ...own, verbs: ["*"] },
          { ...own, apiGroups: [""], resources: ["secrets"] },
        ]),
      ],
      messages: [
        `the add-on's role ${name} may * scaledobjects of keda.sh`,
        `the add-on's role ${name} may create secrets of the core group`,
      ],
    },
    {
      title: "a role that gives roles",
      after: [role([{ ...own, apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"] }])],
      messages: [`the add-on's role ${name} may create roles of rbac.authorization.k8s.io`],
    },
    {
      title: "a binding on the whole cluster",
      after: [role([own]), binding("ClusterRoleBinding", "a")],
      messages: [`${name} is bound on the whole cluster by a/addon-keda`],
    },
    {
      title: "a binding in a namespace of the platform",
      after: [role([own]), binding("RoleBinding", undefined)],
      messages: [`${name} is bound in no namespace of a tenant by platform/addon-keda`],
    },
    {
      title: "a policy that goes before the binding does",
      before: [role([own]), policy, binding("RoleBinding", "a")],
      after: [role([own]), binding("RoleBinding", "a")],
      messages: ["a/addon-keda gives the kinds of an add-on without its policy fleet-addon-keda"],
    },
  ],
  clean: [
    { title: "a role of its kinds, bound for a tenant", after: [role([own]), policy, binding("RoleBinding", "a")] },
    { title: "an add-on that never had a policy", before: [], after: [role([own]), binding("RoleBinding", "a")] },
    { title: "a policy that goes with the binding", before: [policy, binding("RoleBinding", "a")], after: [] },
    { title: "another role", after: [role([{ ...own, apiGroups: [""] }], "fleet-tenant")] },
  ],
};
