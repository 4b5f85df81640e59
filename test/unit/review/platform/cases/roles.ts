import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { infrastructureFile } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const role = (rules: readonly string[], metadata = "{name: helper}", kind = "ClusterRole") =>
  builtPlatform({
    [infrastructureFile]: `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: ${metadata}
rules:
${rules.map((rule) => `  - ${rule}\n`).join("")}`,
  });
const rule = (group: string, resources: string, verbs: string) =>
  `{apiGroups: ['${group}'], resources: [${resources}], verbs: [${verbs}]}`;
const binding = (kind: string, name: string, subjects: string, namespace = "platform") =>
  builtPlatform({
    [infrastructureFile]: `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: helper, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}}
subjects: [${subjects}]
`,
  });
const account = "{kind: ServiceAccount, name: helper, namespace: platform}";
const at = (line: number, message: string) => `${infrastructureFile}:${line} ${message}`;

/** The cases of the rule `platform-roles`. */
export const rolesCases: PlatformCases = {
  violating: [
    {
      title: "the rights of all other roles",
      platform: builtPlatform({
        [infrastructureFile]: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helper}
aggregationRule: {clusterRoleSelectors: [{}]}
rules: []
`,
      }),
      violations: [at(4, "ClusterRole helper takes the rights of other roles")],
    },
    {
      title: "webhooks that see every object, and certificates of any account",
      platform: role([
        rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "create"),
        rule("certificates.k8s.io", "certificatesigningrequests/approval", "update"),
      ]),
      violations: [
        at(5, "ClusterRole helper may create mutatingwebhookconfigurations"),
        at(6, "ClusterRole helper may update certificatesigningrequests/approval"),
      ],
    },
    {
      title: "variables whose values no rule knows",
      platform: role([rule("", "'\u0024{x}'", "'\u0024{y:=get}'")]),
      violations: [at(4, "ClusterRole helper has a variable in rules whose value is not known")],
    },
    {
      title: "a role of Kubernetes' controllers",
      platform: binding("ClusterRoleBinding", "'system:controller:generic-garbage-collector'", account),
      violations: [at(4, "ClusterRoleBinding platform/helper gives system:controller:generic-garbage-collector")],
    },
    {
      title: "a role of Flux for all namespaces",
      platform: binding("ClusterRoleBinding", "crd-controller-flux-system", account),
      violations: [at(4, "ClusterRoleBinding platform/helper gives crd-controller-flux-system")],
    },
    {
      title: "every resource, of every group and of one",
      platform: role([rule("*", "'*'", "'*'"), rule("", "'*'", "get, list")]),
      violations: [
        at(5, "ClusterRole helper may * every resource of every group"),
        at(6, "ClusterRole helper may get, list every resource of the core group"),
      ],
    },
    {
      title: "rights to take more",
      platform: role([
        rule("rbac.authorization.k8s.io", "clusterroles", "escalate"),
        rule("rbac.authorization.k8s.io", "clusterroles", "get, bind"),
        rule("", "users", "impersonate"),
        rule("rbac.authorization.k8s.io", "clusterrolebindings", "'*'"),
        rule("", "serviceaccounts/token", "create"),
      ]),
      violations: [
        at(5, "ClusterRole helper may escalate clusterroles"),
        at(6, "ClusterRole helper may bind clusterroles"),
        at(7, "ClusterRole helper may impersonate users"),
        at(8, "ClusterRole helper may * clusterrolebindings"),
        at(9, "ClusterRole helper may create serviceaccounts/token"),
      ],
    },
    {
      title: "rights on what belongs to tenants, and on the policies that keep them apart",
      platform: role([
        rule("", "configmaps, secrets", "list"),
        rule("", "pods/exec", "create"),
        rule("", "'*/exec'", "create"),
        rule("", "nodes/proxy", "get"),
        rule("admissionregistration.k8s.io", "validatingadmissionpolicybindings", "delete"),
      ]),
      violations: [
        at(5, "ClusterRole helper may list secrets"),
        at(6, "ClusterRole helper may create pods/exec"),
        at(7, "ClusterRole helper may create */exec"),
        at(8, "ClusterRole helper may get nodes/proxy"),
        at(9, "ClusterRole helper may delete validatingadmissionpolicybindings"),
      ],
    },
    {
      title: "the Secrets of Flux's namespace",
      platform: role([rule("", "secrets", "get")], "{name: helper, namespace: flux-system}", "Role"),
      violations: [at(5, "Role flux-system/helper may get secrets")],
    },
    {
      title: "rights that the roles of others get",
      platform: role(
        [rule("example.com", "gadgets", "create")],
        "{name: helper, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}",
      ),
      violations: [at(3, "ClusterRole helper adds its rights to the role edit, wherever that is bound")],
    },
    {
      title: "a binding of cluster-admin, and of admin in Kubernetes' namespace",
      platform: binding("ClusterRoleBinding", "cluster-admin", account),
      violations: [at(4, "ClusterRoleBinding platform/helper gives cluster-admin")],
    },
    {
      title: "a binding of admin in Kubernetes' own namespace",
      platform: binding("RoleBinding", "admin", account, "kube-system"),
      violations: [at(4, "RoleBinding kube-system/helper gives admin")],
    },
    {
      title: "rights of everybody",
      platform: binding("ClusterRoleBinding", "view", `${account}, {kind: Group, name: 'system:authenticated'}`),
      violations: [at(5, "ClusterRoleBinding platform/helper gives view to system:authenticated")],
    },
  ],
  clean: [
    {
      title: "some verbs of named resources",
      platform: role([rule("apps", "deployments, secretstores", "get, update")]),
    },
    { title: "the right to change Secrets, without reading them", platform: role([rule("", "secrets", "create")]) },
    {
      title: "the Secrets of a namespace of the platform",
      platform: role([rule("", "secrets", "get")], "{name: helper, namespace: platform}", "Role"),
    },
    { title: "paths that are no resources", platform: role(["{nonResourceURLs: ['/metrics'], verbs: [get]}"]) },
    { title: "a role of Kubernetes in a namespace of the platform", platform: binding("RoleBinding", "edit", account) },
  ],
};
