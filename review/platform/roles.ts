import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { fieldAt, listAt, mapAt, valueText } from "../findings/facts.js";
import { type BuiltObject, type Fault, groupOf, namespaceOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

/** Rights in `fleet/` by which an account gets all others, or reaches what belongs to tenants. */
export const roles: PlatformRule = {
  name: "platform-roles",
  level: "mandatory",
  title:
    "no role or binding in fleet/ gives every right, rights to take more, or rights on every tenant's secrets and pods",
  reason: "an account with them passes every isolation of the cluster, and so does an attack on its controller",
  fix: "name the resources and verbs that are needed, in a namespace of the platform, or accept it by a waiver",
  violations: ({ objects }) =>
    objects
      .filter((object) => groupOf(object) === "rbac.authorization.k8s.io")
      .flatMap((object) => [...roleFaults(object), ...bindingFaults(object), ...hiddenFaults(object)]),
};

/** Namespaces whose Secrets and pods decide on the whole cluster. */
const clusterNamespaces = [FLUX_NAMESPACE, "kube-system"];

/** Roles of Kubernetes that may read Secrets or run pods, and those of the program and of Flux. */
const strongRole =
  /^(?:cluster-admin|admin|edit|fleet-.*|.*-flux-system|system:(?:node|controller:.*|aggregate-to-(?:admin|edit)|kube-(?:controller-manager|scheduler)))$/;

/** Subjects that stand for every account, or for requests without one. */
const everybody = /^system:(?:authenticated|unauthenticated|anonymous|serviceaccounts(?::.*)?)$/;

const reads = ["get", "list", "watch"];
const writes = ["create", "update", "patch", "delete", "deletecollection"];

/** Resources that give more than they seem to, and the verbs that do. */
const dangerous: Readonly<Record<string, readonly string[]>> = {
  secrets: reads,
  "serviceaccounts/token": ["create"],
  "pods/exec": ["create", "get"],
  "pods/attach": ["create", "get"],
  "pods/ephemeralcontainers": ["update", "patch"],
  "nodes/proxy": ["create", "get"],
  validatingadmissionpolicies: writes,
  validatingadmissionpolicybindings: writes,
  // Each of them sees or changes every object, Secrets among them.
  mutatingadmissionpolicies: writes,
  mutatingadmissionpolicybindings: writes,
  mutatingwebhookconfigurations: writes,
  validatingwebhookconfigurations: writes,
  // A certificate can be that of any account.
  "certificatesigningrequests/approval": ["update", "patch"],
};

function reachesCluster(object: BuiltObject): boolean {
  return textOf(object, "kind").startsWith("Cluster") || clusterNamespaces.includes(namespaceOf(object));
}

function roleFaults(object: BuiltObject): Fault[] {
  if (!/^(?:Cluster)?Role$/.test(textOf(object, "kind")) || !reachesCluster(object)) return [];
  const id = objectId(object);
  const rules = listAt(object.data, "rules").flatMap((rule, index) => {
    const [given] = dangersOf(rule);
    return given === undefined ? [] : [faultOf(object, ["rules", index], `${id} may ${given}`)];
  });
  const aggregated = Object.keys(mapAt(object.data, "metadata", "labels")).filter((key) =>
    /^rbac\.authorization\.k8s\.io\/aggregate-to-/.test(key),
  );
  const path = ["metadata", "labels"];
  const collects = fieldAt(object.data, "aggregationRule") !== undefined;
  return [
    ...rules,
    ...(collects ? [faultOf(object, ["aggregationRule"], `${id} takes the rights of other roles`)] : []),
    ...aggregated.map((key) => {
      const role = key.slice(key.lastIndexOf("-to-") + "-to-".length);
      return faultOf(object, [...path, key], `${id} adds its rights to the role ${role}, wherever that is bound`);
    }),
  ];
}

/** The dangers of one rule, in words. */
function dangersOf(rule: unknown): string[] {
  const [verbs, resources] = ["verbs", "resources"].map((field) => listAt(rule, field).map(valueText));
  if (verbs === undefined || resources === undefined || resources.length === 0) return [];
  const may = (wanted: readonly string[]) => verbs.includes("*") || wanted.some((verb) => verbs.includes(verb));
  if (resources.includes("*")) return [`${verbs.join(", ")} every resource of ${groupsOf(rule)}`];
  const taking = ["escalate", "bind", "impersonate"].filter((verb) => verbs.includes(verb));
  const found = resources.filter((resource) => {
    // "*/exec" stands for the subresource of every resource.
    const names = Object.keys(dangerous).filter(
      (name) => name === resource || `*/${name.split("/")[1] ?? ""}` === resource,
    );
    return names.some((name) => may(dangerous[name] ?? []));
  });
  return [
    ...taking.map((verb) => `${verb} ${resources.join(", ")}`),
    ...(verbs.includes("*") && isRbac(rule) ? [`* ${resources.join(", ")}`] : []),
    ...found.map((resource) => `${verbs.join(", ")} ${resource}`),
  ];
}

function isRbac(rule: unknown): boolean {
  return listAt(rule, "apiGroups").some((group) => group === "*" || group === "rbac.authorization.k8s.io");
}

function groupsOf(rule: unknown): string {
  const groups = listAt(rule, "apiGroups").map(valueText);
  return groups.includes("*")
    ? "every group"
    : groups.map((group) => (group === "" ? "the core group" : group)).join(", ");
}

function bindingFaults(object: BuiltObject): Fault[] {
  if (!textOf(object, "kind").endsWith("RoleBinding")) return [];
  const id = objectId(object);
  const role = textOf(object, "roleRef", "name");
  const strong = textOf(object, "roleRef", "kind") === "ClusterRole" && strongRole.test(role) && reachesCluster(object);
  const subjects = listAt(object.data, "subjects").flatMap((subject, index) => {
    const name = valueText(fieldAt(subject, "name") ?? "");
    return everybody.test(name) ? [faultOf(object, ["subjects", index], `${id} gives ${role} to ${name}`)] : [];
  });
  return [...(strong ? [faultOf(object, ["roleRef", "name"], `${id} gives ${role}`)] : []), ...subjects];
}

/** Fields in which a variable stands whose value is not known: Flux takes it from an object that no rule can read. */
function hiddenFaults(object: BuiltObject): Fault[] {
  return ["rules", "roleRef", "subjects"]
    .filter((field) => JSON.stringify(fieldAt(object.data, field) ?? null).includes("${"))
    .map((field) => {
      return faultOf(object, [field], `${objectId(object)} has a variable in ${field} whose value is not known`);
    });
}

function faultOf(object: BuiltObject, path: readonly (string | number)[], message: string): Fault {
  return { resource: objectId(object), place: object.placeOf([...path]), message };
}
