import { addonNames, addonPolicy } from "../../config/addons/addon.js";
import { fieldAt, listAt, objectText, ofKind, textAt, valueText } from "../findings/facts.js";
import type { JudgedPlan, Rule, Violation } from "./rule.js";

/** Begin of the names of add-ons' ClusterRoles. */
const rolePrefix = addonNames("").role;

/** Groups whose kinds are no custom resources of an add-on: the right to them is no right within a namespace. */
const foreignGroups = [
  "*",
  "",
  "apps",
  "rbac.authorization.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
];

/** Rights that add-ons give to tenants. */
export const addonRights: Rule = {
  name: "addon-rights",
  level: "mandatory",
  title: "the role of each add-on names custom resources, is bound in tenants' namespaces alone, and keeps its policy",
  reason:
    "an add-on gives a tenant objects of its own, and its policy keeps their fields from leading out of the namespace",
  fix: "correct the add-on in fleet:addons, or have its tenants leave it before it goes",
  violations: ({ plan, before }) => [
    ...wideRoles(plan),
    ...foreignBindings(plan),
    ...(before === undefined ? [] : lostPolicies(plan, before)),
  ],
};

function wideRoles(plan: JudgedPlan): Violation[] {
  return ofKind(plan, "ClusterRole")
    .filter((one) => textAt(one, "metadata", "name").startsWith(rolePrefix))
    .flatMap((resource) =>
      listAt(resource.inputs, "rules").flatMap((rule) => {
        const groups = listAt(rule, "apiGroups").map(valueText);
        const [resources, verbs] = [listAt(rule, "resources"), listAt(rule, "verbs")];
        const isWide =
          groups.some((group) => foreignGroups.includes(group)) || resources.includes("*") || verbs.includes("*");
        const text = `${verbs.map(valueText).join(", ")} ${resources.map(valueText).join(", ")} of ${groups.map((one) => one || "the core group").join(", ")}`;
        return isWide ? [{ resource, message: `the add-on's role ${objectText(resource)} may ${text}` }] : [];
      }),
    );
}

function foreignBindings(plan: JudgedPlan): Violation[] {
  return bindings(plan)
    .filter(({ type, tenant }) => type.endsWith(":ClusterRoleBinding") || tenant === undefined)
    .map((resource) => {
      const place = resource.type.endsWith(":ClusterRoleBinding")
        ? "on the whole cluster"
        : "in no namespace of a tenant";
      return {
        resource,
        message: `${textAt(resource, "roleRef", "name")} is bound ${place} by ${objectText(resource)}`,
      };
    });
}

/** Bindings of add-ons whose policy the change removes. */
function lostPolicies(plan: JudgedPlan, before: JudgedPlan): Violation[] {
  const now = policyNames(plan);
  const lost = policyNames(before).filter((name) => !now.includes(name));
  return bindings(plan).flatMap((resource) => {
    const policy = addonPolicy({ name: textAt(resource, "roleRef", "name").slice(rolePrefix.length) });
    return lost.includes(policy)
      ? [{ resource, message: `${objectText(resource)} gives the kinds of an add-on without its policy ${policy}` }]
      : [];
  });
}

function policyNames(plan: JudgedPlan): string[] {
  return ofKind(plan, "ValidatingAdmissionPolicy").map((one) => textAt(one, "metadata", "name"));
}

function bindings(plan: JudgedPlan) {
  return ofKind(plan, "RoleBinding", "ClusterRoleBinding").filter(({ inputs }) =>
    valueText(fieldAt(inputs, "roleRef", "name") ?? "").startsWith(rolePrefix),
  );
}
