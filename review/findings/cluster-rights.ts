import { phrase } from "../phrase.js";
import type { PlannedResource } from "../planned-resource.js";
import { type Fact, type FactFinder, fieldAt, labelsText, listAt, mapAt, ofKind, textAt, valueText } from "./facts.js";

/** @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles */
export const AGGREGATION_LABEL = "rbac.authorization.k8s.io/aggregate-to-";

/** Rights on a cluster: bindings of roles, rules of roles, and cloud identities of service accounts. */
export const clusterFacts: FactFinder = (plan) => [
  ...ofKind(plan, "RoleBinding", "ClusterRoleBinding").flatMap(bindingFacts),
  ...ofKind(plan, "Role", "ClusterRole").flatMap(roleFacts),
  ...ofKind(plan, "ServiceAccount").flatMap(identityFacts),
];

function bindingFacts(one: PlannedResource): Fact[] {
  const namespace = textAt(one, "metadata", "namespace");
  const [kind, role] = [textAt(one, "roleRef", "kind"), textAt(one, "roleRef", "name")];
  const isAdmin = namespace === "" && role === "cluster-admin";
  return listAt(one.inputs, "subjects").map((subject): Fact => {
    const who = subjectName(subject);
    const scope = namespace === "" ? ["on the whole cluster"] : phrase`in ${namespace}`;
    return {
      id: JSON.stringify(["binding", namespace, kind, role, subject]),
      tenant: one.tenant,
      kind: "right",
      subject: `role of ${who} in ${namespace} ${isAdmin}`,
      item: phrase`${role}`,
      appear: (roles) =>
        isAdmin ? phrase`${who} becomes cluster-admin` : phrase`${who} gets ${kind} ${roles} ${scope}`,
      disappear: (roles) =>
        isAdmin ? phrase`${who} is no longer cluster-admin` : phrase`${who} loses ${kind} ${roles} ${scope}`,
    };
  });
}

function subjectName(subject: unknown): string {
  const [kind, name, namespace] = ["kind", "name", "namespace"].map((key) => valueText(fieldAt(subject, key)));
  return kind === "ServiceAccount" ? `${namespace}/${name}` : `${kind} ${name}`;
}

/** One fact for each verb on each resource. Rules can be ordered and divided in many ways with the same meaning. */
function roleFacts(one: PlannedResource): Fact[] {
  const [namespace, name] = [textAt(one, "metadata", "namespace"), textAt(one, "metadata", "name")];
  const role = namespace === "" ? name : `${namespace}/${name}`;
  const rules = listAt(one.inputs, "rules").flatMap((rule) =>
    objectsOf(rule).flatMap((object) =>
      listAt(rule, "verbs").map((verb): Fact => {
        return {
          id: JSON.stringify(["rule", role, object, verb]),
          tenant: one.tenant,
          kind: "right",
          subject: `rules of role ${role}`,
          item: phrase`${object}`,
          part: valueText(verb),
          appear: (items) => phrase`role ${role} now allows ${items}`,
          disappear: (items) => phrase`role ${role} no longer allows ${items}`,
        };
      }),
    ),
  );
  return [...rules, ...aggregations(one, role)];
}

/** The roles into which Kubernetes copies the rules of a role by its labels, and those that it copies into this one. */
function aggregations(one: PlannedResource, role: string): Fact[] {
  const into = Object.entries(mapAt(one.inputs, "metadata", "labels")).flatMap(([label, value]) =>
    label.startsWith(AGGREGATION_LABEL) && value === "true" ? [label.slice(AGGREGATION_LABEL.length)] : [],
  );
  const from = listAt(one.inputs, "aggregationRule", "clusterRoleSelectors").map(labelsText);
  const fact = (receiver: string, giver: string): Fact => ({
    id: JSON.stringify(["aggregation", receiver, giver]),
    tenant: one.tenant,
    kind: "right",
    subject: `aggregation of ${receiver}`,
    item: phrase`${giver}`,
    appear: (roles) => phrase`role ${receiver} now has all rights of ${roles}`,
    disappear: (roles) => phrase`role ${receiver} no longer has all rights of ${roles}`,
  });
  return [
    ...into.map((receiver) => fact(receiver, role)),
    ...from.map((selector) => fact(role, `roles with ${selector || "any labels"}`)),
  ];
}

/** The resources and paths of a rule: `deployments.apps`, `secrets "one"`, `/healthz`. */
function objectsOf(rule: unknown): string[] {
  const names = listAt(rule, "resourceNames").map((name) => ` ${JSON.stringify(name)}`);
  const resources = listAt(rule, "apiGroups").flatMap((group) =>
    listAt(rule, "resources").map((resource) => `${resource}${group === "" ? "" : `.${group}`}`),
  );
  return [
    ...resources.flatMap((resource) => (names.length === 0 ? [resource] : names.map((name) => `${resource}${name}`))),
    ...listAt(rule, "nonResourceURLs").map(valueText),
  ];
}

/** The annotations of an account. A cloud's identity is one, and the program adds those of the provider. */
function identityFacts(one: PlannedResource): Fact[] {
  const account = `${textAt(one, "metadata", "namespace")}/${textAt(one, "metadata", "name")}`;
  return Object.entries(mapAt(one.inputs, "metadata", "annotations"))
    .filter(([key]) => !key.startsWith("pulumi.com/"))
    .map(([key, value]): Fact => {
      return {
        id: JSON.stringify(["identity", account, key, value]),
        tenant: one.tenant,
        kind: "right",
        subject: `identity of ${account}`,
        item: phrase`${`${key}: ${valueText(value)}`}`,
        appear: (identities) => phrase`pods with the account ${account} may now act as ${identities}`,
        disappear: (identities) => phrase`pods with the account ${account} may no longer act as ${identities}`,
      };
    });
}
