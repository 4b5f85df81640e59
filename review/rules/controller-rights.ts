import { AGGREGATION_LABEL } from "../findings/cluster-rights.js";
import { fieldAt, listAt, mapAt, ofKind, textAt, valueText } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import { tenantNamespaces } from "./objects.js";
import type { JudgedPlan, Rule, Violation } from "./rule.js";

const roles = ["ClusterRole", "Role"];
const bindings = ["ClusterRoleBinding", "RoleBinding"];

/** Rights of the platform's accounts, Flux's controllers among them. */
export const controllerRights: Rule = {
  name: "controller-rights",
  level: "mandatory",
  onlyChanges: true,
  title: "no change gives the platform's accounts more rights",
  reason: "controllers work for every tenant, so their rights are the most that an attack can win",
  fix: "keep the role as it is, or give the right to an account of its own",
  violations: ({ plan, before }) => {
    if (before === undefined) return [];
    const had = rightsOf(before);
    return [...rightsOf(plan)].flatMap(([right, resource]) =>
      had.has(right) ? [] : [{ resource, ...settingOf(right), message: `new right: ${right}` }],
    );
  },
};

/** The setting that makes controllers cluster-admin. */
function settingOf(right: string): Pick<Violation, "setting"> {
  return right.includes(" has the role cluster-admin ") ? { setting: "fleet:controllerRights" } : {};
}

/**
 * Each right of the platform's roles, and each role of its accounts, with the resource that gives it. Everything outside
 * the namespaces of tenants counts, whatever component registers it.
 */
function rightsOf(plan: JudgedPlan): ReadonlyMap<string, PlannedResource> {
  const namespaces = tenantNamespaces(plan);
  const isTenants = (one: PlannedResource) =>
    one.tenant !== undefined && namespaces.has(textAt(one, "metadata", "namespace"));
  const platform = (...kinds: readonly string[]) => ofKind(plan, ...kinds).filter((one) => !isTenants(one));
  return new Map([
    ...platform(...roles).flatMap((role) =>
      [...allowedBy(role), ...aggregations(role)].map((right) => [right, role] as const),
    ),
    ...platform(...bindings).flatMap((binding) => boundBy(binding).map((right) => [right, binding] as const)),
  ]);
}

/** Kubernetes copies the rules of a role into each role that it is a part of by its labels, such as "admin". */
function aggregations(role: PlannedResource): string[] {
  const name = textAt(role, "metadata", "name");
  return [
    ...Object.entries(mapAt(role.inputs, "metadata", "labels")).flatMap(([label, value]) =>
      label.startsWith(AGGREGATION_LABEL) && value === "true"
        ? [`the role ${label.slice(AGGREGATION_LABEL.length)} has all rights of ${name}`]
        : [],
    ),
    ...listAt(role.inputs, "aggregationRule", "clusterRoleSelectors").map(
      (selector) => `${name} has all rights of roles with ${valueText(selector)}`,
    ),
  ];
}

function allowedBy(role: PlannedResource): string[] {
  const name = `${textAt(role, "metadata", "namespace")}/${textAt(role, "metadata", "name")}`.replace(/^\//, "");
  return listAt(role.inputs, "rules").flatMap((rule) => {
    const named = listAt(rule, "resourceNames").map((one) => ` named ${valueText(one)}`);
    const groups = listAt(rule, "apiGroups").map(valueText);
    const objects = [
      ...listAt(rule, "resources").flatMap((resource) =>
        groups.map((group) => `${valueText(resource)}${group === "" ? "" : `.${group}`}`),
      ),
      ...listAt(rule, "nonResourceURLs").map(valueText),
    ];
    return listAt(rule, "verbs").flatMap((verb) =>
      objects.flatMap((object) =>
        (named.length === 0 ? [""] : named).map((one) => `${name} may ${valueText(verb)} ${object}${one}`),
      ),
    );
  });
}

function boundBy(binding: PlannedResource): string[] {
  const [namespace, role] = [textAt(binding, "metadata", "namespace"), textAt(binding, "roleRef", "name")];
  const scope = namespace === "" ? "on the whole cluster" : `in ${namespace}`;
  return listAt(binding.inputs, "subjects").map((subject) => {
    const [kind, name, home] = ["kind", "name", "namespace"].map((key) => valueText(fieldAt(subject, key) ?? ""));
    return `${kind} ${[home, name].filter((part) => part !== "").join("/")} has the role ${role} ${scope}`;
  });
}
