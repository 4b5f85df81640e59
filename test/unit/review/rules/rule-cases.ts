import { HOSTS_ANNOTATION } from "../../../../lib/kubernetes/ownership-labels.js";
import type { PlannedResource } from "../../../../review/planned-resource.js";
import { planned } from "../../../support/unit/plan.js";

/** A change that a rule judges. */
export interface RuleCase {
  readonly title: string;
  readonly after: readonly PlannedResource[];
  /** @default - the rule looks at one plan alone */
  readonly before?: readonly PlannedResource[];
}

/** A change that breaks a rule, with its messages. */
export interface ViolatingCase extends RuleCase {
  readonly messages: readonly string[];
}

/** Changes that break a rule, and changes that are alike and keep it. */
export interface RuleCases {
  readonly violating: readonly ViolatingCase[];
  readonly clean: readonly RuleCase[];
}

interface NamespaceArgs {
  readonly level?: string;
  readonly version?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tenant?: string | undefined;
}

function namespace(
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

const quota = (home: string, hard: object) => inNamespace("core/v1", "ResourceQuota", home, { hard });
const limits = (home: string) => inNamespace("core/v1", "LimitRange", home, { limits: [] });
const network = (home: string, spec: object) => inNamespace("networking.k8s.io/v1", "NetworkPolicy", home, spec);
const bothWays = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const guards = [quota("a", {}), limits("a"), network("a", bothWays)];

function key(readOnly: boolean) {
  const type = "github:index/repositoryDeployKey:RepositoryDeployKey";
  return planned(type, "a-key", { title: "fleet/staging", repository: "team-a", readOnly }, "a");
}

function automation(tenant: string) {
  const type = "kubernetes:image.toolkit.fluxcd.io/v1:ImageUpdateAutomation";
  return planned(type, "updates", { metadata: { name: "updates" } }, tenant);
}

const account = (name: string, home: string) => ({ kind: "ServiceAccount", name, namespace: home });
const platformAdmin = account("platform-reconciler", "flux-system");

function binding(role: string, subjects: readonly object[], tenant?: string) {
  const inputs = { metadata: { name: "one" }, roleRef: { kind: "ClusterRole", name: role }, subjects };
  return planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "one", inputs, tenant);
}

interface RoleArgs {
  readonly tenant?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly selectors?: readonly object[];
}

function role(verbs: readonly string[], { tenant, namespace: home, labels, selectors = [] }: RoleArgs = {}) {
  const rules = [{ apiGroups: ["apps"], resources: ["deployments"], verbs }];
  const metadata = { name: "controller", namespace: home, labels };
  const inputs = { metadata, rules, aggregationRule: { clusterRoleSelectors: selectors } };
  return planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "controller", inputs, tenant);
}

const everything = planned("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "everything", {
  metadata: { name: "everything" },
  rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
});

function policy(changed: object = {}) {
  const inputs = { metadata: { name: "fleet-images" }, spec: { failurePolicy: "Fail", ...changed } };
  return planned("kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", "images", inputs);
}

function policyBinding(...validationActions: readonly string[]) {
  const type = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding";
  return planned(type, "images-binding", { spec: { policyName: "fleet-images", validationActions } });
}

function flux(group: string, kind: string, spec: object) {
  const inputs = { metadata: { name: "apps", namespace: "a" }, spec };
  return planned(`kubernetes:${group}.toolkit.fluxcd.io/v1:${kind}`, `a-${kind}`, inputs, "a");
}

function repository(visibility?: string) {
  const inputs = { name: "team-a", ...(visibility === undefined ? {} : { visibility }) };
  return planned("github:index/repository:Repository", "a-repository", inputs, "a");
}

function ruleset(rules: object, changed: object = {}) {
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

const kept = { deletion: true, nonFastForward: true };
const reviewed = (count: number) => ({ ...kept, pullRequest: { requiredApprovingReviewCount: count } });

function deployment(image: string, list = "containers") {
  const inputs = {
    metadata: { name: "source-controller", namespace: "flux-system" },
    spec: { template: { spec: { [list]: [{ image }] } } },
  };
  return planned("kubernetes:apps/v1:Deployment", "source-controller", inputs);
}

function file(content: string, name = "fleet/infrastructure/base/charts.yaml") {
  return planned("github:index/repositoryFile:RepositoryFile", "seed", { file: name, content });
}

const release = (version: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: cert-manager}\nspec: {chart: {spec: {chart: cert-manager, version: "${version}"}}}\n`;
const source = (kind: string, ref: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: {name: charts}\nspec: {ref: ${ref}}\n`;
const digest = `sha256:${"0".repeat(64)}`;

const hosts = (tenant: string, text: string) => namespace(tenant, { annotations: { [HOSTS_ANNOTATION]: text } });
const egress = (home: string, ...ranges: readonly string[]) =>
  network(home, { ...bothWays, egress: [{ to: ranges.map((cidr) => ({ ipBlock: { cidr } })) }] });

/** The cases of each rule, by its name. */
export const ruleCases: Readonly<Record<string, RuleCases>> = {
  "no-cluster-admin": {
    violating: [
      {
        title: "a tenant's account",
        after: [binding("cluster-admin", [account("reconciler", "a")], "a")],
        messages: ["a/reconciler becomes cluster-admin of the whole cluster by the binding one"],
      },
      {
        title: "a controller beside the platform's reconciler",
        after: [binding("cluster-admin", [platformAdmin, account("kustomize-controller", "flux-system")])],
        messages: ["flux-system/kustomize-controller becomes cluster-admin of the whole cluster by the binding one"],
      },
      {
        title: "a group",
        after: [binding("cluster-admin", [{ kind: "Group", name: "developers" }])],
        messages: ["the group developers becomes cluster-admin of the whole cluster by the binding one"],
      },
      {
        title: "the platform's reconciler by a binding of a tenant",
        after: [binding("cluster-admin", [platformAdmin], "a")],
        messages: ["flux-system/platform-reconciler becomes cluster-admin of the whole cluster by the binding one"],
      },
      {
        title: "a role with the same rule under another name",
        after: [everything, binding("everything", [account("reconciler", "a")], "a")],
        messages: ["a/reconciler becomes cluster-admin of the whole cluster by the binding one"],
      },
    ],
    clean: [
      { title: "the platform's reconciler", after: [binding("cluster-admin", [platformAdmin])] },
      { title: "another role", after: [binding("view", [account("reconciler", "a")], "a")] },
    ],
  },
  "controller-rights": {
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
  },
  "admission-denies": {
    violating: [
      {
        title: "a policy that warns",
        after: [policy(), policyBinding("Warn", "Audit")],
        messages: ["the policy fleet-images denies nothing"],
      },
      { title: "a policy without a binding", after: [policy()], messages: ["the policy fleet-images has no binding"] },
      {
        title: "a policy that fails open",
        after: [policy({ failurePolicy: "Ignore" }), policyBinding("Deny")],
        messages: ["the policy fleet-images lets pass what it cannot judge"],
      },
    ],
    clean: [{ title: "a policy that denies and warns", after: [policy(), policyBinding("Deny", "Warn")] }],
  },
  "guarded-namespaces": {
    violating: [
      {
        title: "a namespace alone",
        after: [namespace("a", { level: "" })],
        messages: [
          "the namespace a has no Pod Security, no ResourceQuota, no LimitRange, no NetworkPolicy that denies by default",
        ],
      },
      {
        title: "a network policy of some pods",
        after: [
          namespace("a"),
          quota("a", {}),
          limits("a"),
          network("a", { ...bothWays, podSelector: { matchLabels: { app: "x" } } }),
        ],
        messages: ["the namespace a has no NetworkPolicy that denies by default"],
      },
      {
        title: "a network policy of one direction",
        after: [namespace("a"), quota("a", {}), limits("a"), network("a", { ...bothWays, policyTypes: ["Ingress"] })],
        messages: ["the namespace a has no NetworkPolicy that denies by default"],
      },
      {
        title: "a network policy that allows all traffic",
        after: [namespace("a"), quota("a", {}), limits("a"), network("a", { ...bothWays, egress: [{}] })],
        messages: ["the namespace a has no NetworkPolicy that denies by default"],
      },
      {
        title: "guards of another namespace",
        after: [...guards, namespace("b")],
        messages: ["the namespace b has no ResourceQuota, no LimitRange, no NetworkPolicy that denies by default"],
      },
    ],
    clean: [
      { title: "all guards", after: [namespace("a"), ...guards] },
      {
        title: "an empty selector of labels",
        after: [
          namespace("a"),
          quota("a", {}),
          limits("a"),
          network("a", { ...bothWays, podSelector: { matchLabels: {} } }),
        ],
      },
      {
        title: "the component of a namespace",
        after: [planned("fleet:tenant:Namespace", "a.a", {}, "a"), namespace("a"), ...guards],
      },
      {
        title: "a namespace of the platform",
        after: [planned("kubernetes:core/v1:Namespace", "flux", { metadata: { name: "flux-system" } })],
      },
    ],
  },
  "pod-security-kept": {
    violating: [
      {
        title: "a lower level",
        before: [namespace("a")],
        after: [namespace("a", { level: "baseline" })],
        messages: ["Pod Security of the namespace a goes from restricted to baseline"],
      },
      {
        title: "no level any more",
        before: [namespace("a", { level: "baseline" })],
        after: [namespace("a", { level: "" })],
        messages: ["Pod Security of the namespace a goes from baseline to privileged"],
      },
      {
        title: "an unknown level, under another name of the resource",
        before: [namespace("a")],
        after: [{ ...namespace("a", { level: "strict" }), name: "renamed" }],
        messages: ["Pod Security of the namespace a goes from restricted to strict"],
      },
      {
        title: "an older version of the checks",
        before: [namespace("a", { version: "latest" })],
        after: [namespace("a", { version: "v1.19" })],
        messages: ["Pod Security of the namespace a goes from version latest to v1.19"],
      },
    ],
    clean: [
      { title: "a stricter level", before: [namespace("a", { level: "baseline" })], after: [namespace("a")] },
      { title: "a new namespace", before: [], after: [namespace("a", { level: "baseline" })] },
    ],
  },
  "pod-security-restricted": {
    violating: [
      {
        title: "the baseline level",
        after: [namespace("a", { level: "baseline" })],
        messages: ["Pod Security of the namespace a is baseline"],
      },
    ],
    clean: [{ title: "the restricted level", after: [namespace("a")] }],
  },
  "flux-accounts": {
    violating: [
      {
        title: "a sync and a release without an account",
        after: [flux("kustomize", "Kustomization", {}), flux("helm", "HelmRelease", { serviceAccountName: "" })],
        messages: ["a/apps has no service account", "a/apps has no service account"],
      },
      {
        title: "a tenant's sync with the platform's account",
        after: [
          planned(
            "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
            "a-sync",
            {
              metadata: { name: "apps", namespace: "flux-system" },
              spec: { serviceAccountName: "platform-reconciler" },
            },
            "a",
          ),
        ],
        messages: ["flux-system/apps of a has an account of the platform"],
      },
    ],
    clean: [{ title: "an account", after: [flux("kustomize", "Kustomization", { serviceAccountName: "reconciler" })] }],
  },
  "foreign-hosts": {
    violating: [
      {
        title: "a wildcard above a neighbour's host",
        after: [hosts("a", "*.example.com"), hosts("b", "shop.example.com")],
        messages: ["the host *.example.com of a covers shop.example.com of b"],
      },
      {
        title: "the same host in other letters",
        after: [hosts("a", "Shop.example.com"), hosts("b", "shop.example.com")],
        messages: [
          "the host shop.example.com of a covers shop.example.com of b",
          "the host shop.example.com of b covers shop.example.com of a",
        ],
      },
      {
        title: "a wildcard above a neighbour's wildcard",
        after: [hosts("a", "*.example.com"), hosts("b", "*.shop.example.com")],
        messages: ["the host *.example.com of a covers *.shop.example.com of b"],
      },
    ],
    clean: [
      {
        title: "the domain itself, which its wildcard does not serve",
        after: [hosts("a", "*.example.com"), hosts("b", "example.com")],
      },
      { title: "a wildcard above a host of the same tenant", after: [hosts("a", "*.example.com,shop.example.com")] },
      {
        title: "another domain with the same end",
        after: [hosts("a", "*.example.com"), hosts("b", "bad-example.com")],
      },
    ],
  },
  "foreign-addresses": {
    violating: [
      {
        title: "a range around a neighbour's",
        after: [egress("a", "10.0.0.0/8"), egress("b", "10.1.2.0/24")],
        messages: ["a may reach 10.0.0.0/8, which contains 10.1.2.0/24 of b"],
      },
      {
        title: "a range that ends inside a byte",
        after: [egress("a", "10.1.16.0/20"), egress("b", "10.1.31.0/24")],
        messages: ["a may reach 10.1.16.0/20, which contains 10.1.31.0/24 of b"],
      },
      {
        title: "a range of IPv6 around a neighbour's",
        after: [egress("a", "fd00::/8"), egress("b", "fd12:3456::/32")],
        messages: ["a may reach fd00::/8, which contains fd12:3456::/32 of b"],
      },
    ],
    clean: [
      {
        title: "ranges side by side in one byte, and of both families",
        after: [egress("a", "10.1.0.0/20", "fd00::/8"), egress("b", "10.1.16.0/24", "fe00::/9")],
      },
      { title: "ranges side by side", after: [egress("a", "10.1.0.0/16"), egress("b", "10.2.0.0/16")] },
      { title: "the same range", after: [egress("a", "10.1.0.0/16"), egress("b", "10.1.0.0/16")] },
      {
        title: "a range that every tenant has",
        after: [egress("a", "0.0.0.0/0", "10.1.0.0/16"), egress("b", "0.0.0.0/0")],
      },
    ],
  },
  "pinned-images": {
    violating: [
      {
        title: "a tag",
        after: [deployment("ghcr.io/fluxcd/source-controller:v1.9.3")],
        messages: ["flux-system/source-controller runs ghcr.io/fluxcd/source-controller:v1.9.3"],
      },
      {
        title: "an init container",
        after: [deployment("busybox", "initContainers")],
        messages: ["flux-system/source-controller runs busybox"],
      },
      {
        title: "a job with a schedule and a pod",
        after: [
          planned("kubernetes:batch/v1:CronJob", "job", {
            metadata: { name: "job" },
            spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "busybox:1" }] } } } } },
          }),
          planned("kubernetes:core/v1:Pod", "pod", {
            metadata: { name: "pod" },
            spec: { containers: [{ image: "busybox@sha256:0123" }] },
          }),
        ],
        messages: ["job runs busybox:1", "pod runs busybox@sha256:0123"],
      },
    ],
    clean: [{ title: "a digest", after: [deployment(`ghcr.io/fluxcd/source-controller:v1.9.3@${digest}`)] }],
  },
  "pinned-sources": {
    violating: [
      {
        title: "a range of a chart",
        after: [file(release("1.x"))],
        messages: ["HelmRelease cert-manager is not pinned"],
      },
      {
        title: "the second object of a file",
        after: [file(`${release("1.2.3")}---\n${source("OCIRepository", "{semver: '>=1.0'}")}`)],
        messages: ["OCIRepository charts is not pinned"],
      },
      {
        title: "a branch",
        after: [file(source("GitRepository", "{branch: main}"))],
        messages: ["GitRepository charts is not pinned"],
      },
      {
        title: "a range and another reference that Flux prefers to an exact tag",
        after: [
          file(
            [
              source("OCIRepository", "{tag: 1.2.3, semver: '>=1.0'}"),
              source("GitRepository", "{tag: v1.2.3, semver: '*'}"),
              source("GitRepository", "{tag: v1.2.3, name: refs/heads/main}"),
            ].join("---\n"),
          ),
        ],
        messages: [
          "OCIRepository charts is not pinned",
          "GitRepository charts is not pinned",
          "GitRepository charts is not pinned",
        ],
      },
      {
        title: "objects of a list, merged keys, and a bucket",
        after: [
          file("kind: List\nitems: [{kind: HelmChart, metadata: {name: one}, spec: {version: 1.x}}]\n"),
          file("base: &base {kind: HelmChart, spec: {version: '*'}}\n<<: *base\nmetadata: {name: two}\n"),
          file("kind: Bucket\nmetadata: {name: three}\nspec: {bucketName: charts}\n"),
        ],
        messages: ["HelmChart one is not pinned", "HelmChart two is not pinned", "Bucket three is not pinned"],
      },
      {
        title: "a moving tag of an artifact",
        after: [file(source("OCIRepository", "{tag: latest}"))],
        messages: ["OCIRepository charts is not pinned"],
      },
    ],
    clean: [
      { title: "an exact version", after: [file(release("v1.21.2"))] },
      { title: "a digest", after: [file(source("OCIRepository", `{digest: '${digest}'}`))] },
      { title: "a tag by its full name", after: [file(source("GitRepository", "{name: refs/tags/v1, branch: main}"))] },
      { title: "a commit", after: [file(source("GitRepository", "{commit: 0123456789}"))] },
      {
        title: "a release of a chart that is judged by itself",
        after: [file("kind: HelmRelease\nspec: {chartRef: {kind: OCIRepository}}\n")],
      },
      { title: "a file of another folder", after: [file(release("1.x"), "docs/example.yaml")] },
      { title: "a file that is no object", after: [file("- one\n")] },
    ],
  },
  "read-only-keys": {
    violating: [
      {
        title: "a key that may push",
        after: [key(false), namespace("a")],
        messages: ['the deploy key "fleet/staging" may push to team-a'],
      },
      {
        title: "a key of image automation that may push to a neighbour's repository",
        after: [key(false), { ...repository("private"), tenant: "b" }, automation("a")],
        messages: ['the deploy key "fleet/staging" may push to team-a'],
      },
      {
        title: "a key that may push, beside image automation of a neighbour",
        after: [key(false), automation("b")],
        messages: ['the deploy key "fleet/staging" may push to team-a'],
      },
    ],
    clean: [
      { title: "a key that reads", after: [key(true)] },
      {
        title: "a key that pushes for image automation",
        after: [key(false), automation("a")],
      },
    ],
  },
  "private-repositories": {
    violating: [
      { title: "a public repository", after: [repository("public")], messages: ["the repository team-a is public"] },
      { title: "GitHub's default", after: [repository()], messages: ["the repository team-a is public"] },
    ],
    clean: [
      { title: "a private one", after: [repository("private")] },
      { title: "an internal one", after: [repository("internal")] },
    ],
  },
  "repository-protection": {
    violating: [
      {
        title: "no ruleset",
        after: [repository("private")],
        messages: ["the default branch of team-a is not protected"],
      },
      {
        title: "a ruleset that is off",
        after: [repository("private"), ruleset(kept, { enforcement: "disabled" })],
        messages: ["the default branch of team-a is not protected"],
      },
      {
        title: "a ruleset with an exception for a role",
        after: [repository("private"), ruleset(kept, { bypassActors: [{ actorType: "RepositoryRole" }] })],
        messages: ["the default branch of team-a is not protected"],
      },
      {
        title: "a ruleset of another branch",
        after: [repository("private"), ruleset(kept, { conditions: { refName: { includes: ["refs/heads/next"] } } })],
        messages: ["the default branch of team-a is not protected"],
      },
      {
        title: "a ruleset that excludes the branch again",
        after: [
          repository("private"),
          ruleset(kept, { conditions: { refName: { includes: ["~ALL"], excludes: ["refs/heads/main"] } } }),
        ],
        messages: ["the default branch of team-a is not protected"],
      },
      {
        title: "a ruleset of tags",
        after: [repository("private"), ruleset(kept, { target: "tag" })],
        messages: ["the default branch of team-a is not protected"],
      },
      {
        title: "a new exception beside a ruleset without one",
        before: [repository("private"), ruleset(kept), ruleset(reviewed(1), { name: "review" })],
        after: [
          repository("private"),
          ruleset(kept),
          ruleset(reviewed(1), {
            name: "review",
            bypassActors: [{ actorType: "Team", actorId: 7 }],
            conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: ["refs/heads/main"] } },
          }),
        ],
        messages: [
          "the protection of team-a by review may be bypassed by Team 7",
          "the protection of team-a by review leaves out refs/heads/main",
        ],
      },
      {
        title: "fewer reviews",
        before: [repository("private"), ruleset(reviewed(2))],
        after: [repository("private"), ruleset(reviewed(1))],
        messages: ["team-a is no longer protected by pullRequest.requiredApprovingReviewCount of 2"],
      },
      {
        title: "no pull requests any more",
        before: [repository("private"), ruleset(reviewed(1))],
        after: [repository("private"), ruleset(kept)],
        messages: [
          "team-a is no longer protected by pullRequest",
          "team-a is no longer protected by pullRequest.requiredApprovingReviewCount of 1",
        ],
      },
      {
        title: "a check that is no longer required",
        before: [
          repository("private"),
          ruleset({ ...kept, requiredStatusChecks: { requiredChecks: [{ context: "test" }] } }),
        ],
        after: [repository("private"), ruleset({ ...kept, requiredStatusChecks: { requiredChecks: [] } })],
        messages: ["team-a is no longer protected by requiredStatusChecks.requiredChecks test"],
      },
    ],
    clean: [
      {
        title: "an exception for administrators, who may change the ruleset itself",
        before: [repository("private"), ruleset(kept), ruleset(reviewed(1), { name: "review" })],
        after: [
          repository("private"),
          ruleset(kept),
          ruleset(reviewed(1), { name: "review", bypassActors: [{ actorType: "RepositoryRole", actorId: 5 }] }),
        ],
      },
      {
        title: "more reviews",
        before: [repository("private"), ruleset(reviewed(1))],
        after: [repository("private"), ruleset(reviewed(2))],
      },
      {
        title: "a repository that goes",
        before: [repository("private"), ruleset(kept)],
        after: [],
      },
    ],
  },
  "tenant-data": {
    violating: [
      {
        title: "a namespace that may hold claims",
        before: [namespace("a"), quota("a", { persistentvolumeclaims: "10" })],
        after: [],
        messages: ["the namespace a goes, which may hold 10 claims"],
      },
      {
        title: "a namespace without a limit of claims",
        before: [namespace("a")],
        after: [],
        messages: ["the namespace a goes, which may hold any number of claims"],
      },
    ],
    clean: [
      {
        title: "a namespace without claims",
        before: [namespace("a"), quota("a", { persistentvolumeclaims: "0" })],
        after: [],
      },
      {
        title: "a namespace that another tenant takes over",
        before: [namespace("a"), quota("a", { persistentvolumeclaims: "10" })],
        after: [namespace("a", { tenant: "b" })],
      },
    ],
  },
};
