import { mapField, section, textField, textSetField } from "../../rules/field.js";
import { dnsSubdomain } from "../../rules/names.js";
import { atMost, hintOf, patternRule, refuse, ruleOf } from "../../rules/rule.js";

/**
 * A group that the cluster's identity provider puts people in. The groups that Kubernetes itself assigns are refused:
 * they are everybody, administrators, or the accounts of other namespaces.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
 */
export const groupName = ruleOf(
  patternRule({
    pattern: "^[^\\s\\p{Cc}]([^\\p{Cc}]*[^\\s\\p{Cc}])?$",
    maxLength: 255,
    form: "a group: it has a space at an end, or a control character",
    fix: "Write it as the cluster's identity provider does, for instance payments-developers",
  }),
  refuse(/^system:/, "is a group of Kubernetes' own", "Name a group of people of this tenant"),
);

/** Roles that only the platform may have, whatever a stack lists, each with the reason. */
const reservedRoles: readonly (readonly [RegExp, string])[] = [
  [/^system:/, "is Kubernetes' own"],
  [/^cluster-admin$/, "is too wide: its holders could do everything there, to the platform's own objects as well"],
  [/^admin$/, "is too wide: its holders could give out roles, and read all Secrets"],
  [/^edit$/, "is too wide: its holders could read all Secrets, and act as the tenant's service accounts"],
  [/^fleet-/, "is the program's own"],
];

/**
 * A ClusterRole that a tenant's groups may have in its namespaces. What the role contains is in the cluster, not in these
 * files: the platform team must make sure that it allows no escalation.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
export const grantableRole = ruleOf(
  { pattern: dnsSubdomain.pattern, maxLength: 200, hint: hintOf("the name of a ClusterRole") },
  ...reservedRoles.map(([name, why]) => refuse(name, why, "Make a ClusterRole that has what is needed, and name it")),
  atMost(200),
  dnsSubdomain.check,
);

const group = textField(groupName, { description: "Group of the cluster's identity provider." });
const role = textField(grantableRole, { description: "ClusterRole, one of those that fleet:allowedRoles lists." });

/** Which people may do what in a tenant's namespaces. */
export const access = section("Rights of people in the tenant's namespaces.", {
  viewers: textSetField(group, {
    description: "Groups that may read everything in the tenant's namespaces except Secrets. Default: none.",
    examples: [["payments-developers"]],
  }).default([]),
  operators: textSetField(group, {
    description:
      "Groups with the rights of viewers that may also scale workloads and restart pods and jobs. Default: none.",
    examples: [["payments-on-call"]],
  }).default([]),
  roles: mapField(role, textSetField(group).min(1, "names no group"), {
    description:
      "Additional ClusterRoles, and the groups that get them in the tenant's namespaces. The stack lists the allowed ones in fleet:allowedRoles. Default: none.",
    examples: [{ "flagger-viewer": ["payments-developers"] }],
  }).default({}),
});
