import { HOSTS_ANNOTATION } from "../../../../../lib/kubernetes/ownership-labels.js";
import { planned } from "../../../../support/unit/plan.js";

interface NamespaceArgs {
  readonly level?: string;
  readonly version?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tenant?: string | undefined;
}

/** A namespace of a tenant. */
export function namespace(
  name: string,
  { level = "restricted", version, annotations = {}, tenant = name }: NamespaceArgs = {},
) {
  const labels = {
    ...(level === "" ? {} : { "pod-security.kubernetes.io/enforce": level }),
    ...(version === undefined ? {} : { "pod-security.kubernetes.io/enforce-version": version }),
  };
  return planned(
    "kubernetes:core/v1:Namespace",
    `${name}-namespace`,
    { metadata: { name, labels, annotations } },
    tenant,
  );
}

function inNamespace(group: string, kind: string, home: string, spec: object) {
  const inputs = { metadata: { name: "tenant", namespace: home }, spec };
  return planned(`kubernetes:${group}:${kind}`, `${home}-${kind}`, inputs, home);
}

/** The quota of a namespace. */
export const quota = (home: string, hard: object) => inNamespace("core/v1", "ResourceQuota", home, { hard });
/** The limit range of a namespace. */
export const limits = (home: string) => inNamespace("core/v1", "LimitRange", home, { limits: [] });
/** A network policy of a namespace. */
export const network = (home: string, spec: object) => inNamespace("networking.k8s.io/v1", "NetworkPolicy", home, spec);
/** The spec of a network policy that denies by default. */
export const bothWays = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
/** All guards of the namespace `a`. */
export const guards = [quota("a", {}), limits("a"), network("a", bothWays)];

/** A deploy key of the tenant `a`. */
export function key(readOnly: boolean) {
  const type = "github:index/repositoryDeployKey:RepositoryDeployKey";
  return planned(type, "a-key", { title: "fleet/staging", repository: "team-a", readOnly }, "a");
}

/** Image automation of a tenant. */
export function automation(tenant: string) {
  const type = "kubernetes:image.toolkit.fluxcd.io/v1:ImageUpdateAutomation";
  const inputs = { metadata: { name: "updates", namespace: "a" }, spec: { sourceRef: { name: "updates" } } };
  return planned(type, "updates", inputs, tenant);
}

/** The source of that automation. */
export function gitSource(url = "ssh://git@github.com/acme/team-a.git") {
  const inputs = { metadata: { name: "updates", namespace: "a" }, spec: { url } };
  return planned("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", "updates-source", inputs, "a");
}

/** A service account as the subject of a binding. */
export const account = (name: string, home: string) => ({ kind: "ServiceAccount", name, namespace: home });
/** The platform's reconciler. */
export const platformAdmin = account("platform-reconciler", "flux-system");

/** A binding of a cluster role. */
export function binding(role: string, subjects: readonly object[], tenant?: string) {
  const inputs = { metadata: { name: "one" }, roleRef: { kind: "ClusterRole", name: role }, subjects };
  return planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "one", inputs, tenant);
}

interface RoleArgs {
  readonly tenant?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly selectors?: readonly object[];
}

/** A cluster role. */
export function role(verbs: readonly string[], { tenant, namespace: home, labels, selectors = [] }: RoleArgs = {}) {
  const rules = [{ apiGroups: ["apps"], resources: ["deployments"], verbs }];
  const metadata = { name: "controller", namespace: home, labels };
  const inputs = { metadata, rules, aggregationRule: { clusterRoleSelectors: selectors } };
  return planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "controller", inputs, tenant);
}

/** A role that may do everything. */
export const everything = planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "everything", {
  metadata: { name: "everything" },
  rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
});

/** An admission policy. */
export function policy(changed: object = {}) {
  const inputs = { metadata: { name: "fleet-images" }, spec: { failurePolicy: "Fail", ...changed } };
  return planned("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", "images", inputs);
}

/** The binding of the admission policy. */
export function policyBinding(...validationActions: readonly string[]) {
  const type = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding";
  return planned(type, "images-binding", { spec: { policyName: "fleet-images", validationActions } });
}

/** An object of Flux in the namespace `a`. */
export function flux(group: string, kind: string, spec: object) {
  const inputs = { metadata: { name: "apps", namespace: "a" }, spec };
  return planned(`kubernetes:${group}.toolkit.fluxcd.io/v1:${kind}`, `a-${kind}`, inputs, "a");
}

/** The repository of the tenant `a`. */
export function repository(visibility?: string) {
  const inputs = { name: "team-a", ...(visibility === undefined ? {} : { visibility }) };
  return planned("github:index/repository:Repository", "a-repository", inputs, "a");
}

/** A ruleset of the repository. */
export function ruleset(rules: object, changed: object = {}) {
  const inputs = {
    repository: "team-a",
    enforcement: "active",
    bypassActors: [],
    conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
    rules,
    ...changed,
  };
  return planned("github:index/repositoryRuleset:RepositoryRuleset", "a-ruleset", inputs, "a");
}

/** Rules that keep a branch. */
export const kept = { deletion: true, nonFastForward: true };
/** The same rules with a number of approvals. */
export const reviewed = (count: number) => ({ ...kept, pullRequest: { requiredApprovingReviewCount: count } });

/** A Deployment of an image. */
export function deployment(image: string, list = "containers") {
  const inputs = {
    metadata: { name: "source-controller", namespace: "flux-system" },
    spec: { template: { spec: { [list]: [{ image }] } } },
  };
  return planned("kubernetes:apps/v1:Deployment", "source-controller", inputs);
}

/** A file of the platform's repository. */
export function file(content: string, name = "fleet/infrastructure/base/charts.yaml") {
  return planned("github:index/repositoryFile:RepositoryFile", "seed", { file: name, content });
}

/** The manifest of a release of a chart. */
export const release = (version: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: cert-manager}\nspec: {chart: {spec: {chart: cert-manager, version: "${version}"}}}\n`;
/** The manifest of a source. */
export const source = (kind: string, ref: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: {name: charts}\nspec: {ref: ${ref}}\n`;
/** A digest. */
export const digest = `sha256:${"0".repeat(64)}`;

/** A namespace with hosts. */
export const hosts = (tenant: string, text: string) => namespace(tenant, { annotations: { [HOSTS_ANNOTATION]: text } });
/** A network policy with egress ranges. */
export const egress = (home: string, ...ranges: readonly string[]) =>
  network(home, { ...bothWays, egress: [{ to: ranges.map((cidr) => ({ ipBlock: { cidr } })) }] });
