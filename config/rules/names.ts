import { BASE_FOLDER, GROUPS_FOLDER } from "../names.js";
import { hintOf, patternRule, refuse, ruleOf } from "./rule.js";

/** Part of a DNS name: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** Name of a tenant, stack or cluster: it becomes a name and a label value, so the narrowest of their rules holds. */
export const dnsLabel = patternRule({
  pattern: `^${label}$`,
  maxLength: 63,
  form: 'a DNS label: lower-case letters, digits and "-", with a letter or digit at both ends',
  fix: "Choose a name like team-payments",
});

/** Name of a shard: with the name of a controller, it becomes the name of a Service and a label value. */
export const shardName = patternRule({
  pattern: `^${label}$`,
  maxLength: 40,
  form: 'the name of a shard: lower-case letters, digits and "-", with a letter or digit at both ends',
  fix: "Choose a name like untrusted",
});

/** Name of a Service: part of a host name (RFC 1035), and older clusters take none that starts with a digit. */
export const serviceName = patternRule({
  pattern: "^[a-z]([-a-z0-9]*[a-z0-9])?$",
  maxLength: 63,
  form: 'the name of a Service: lower-case letters, digits and "-", with a letter at the start and a letter or digit at the end',
  fix: "Write it like search-api",
});

/** DNS name: name of most objects of Kubernetes, and domain of a cluster's services. */
export const dnsSubdomain = patternRule({
  pattern: `^${label}(\\.${label})*$`,
  maxLength: 253,
  form: 'a DNS name: labels of lower-case letters, digits and "-", joined by dots',
  fix: "Write it like cluster.local",
});

/** Version of a Kubernetes kind, `v1` or `apps/v1`: https://kubernetes.io/docs/reference/using-api/#api-groups */
export const apiVersion = patternRule({
  pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?v[0-9]+((alpha|beta)[0-9]+)?$",
  maxLength: 253,
  form: "the version of a kind",
  fix: "Write it as the manifest does: apps/v1",
});

/** Kind of a Kubernetes object: `Deployment`. */
export const kindName = patternRule({
  pattern: "^[A-Z][A-Za-z0-9]*$",
  maxLength: 63,
  form: "a kind",
  fix: "Write it as the manifest does: Deployment",
});

/** Namespaces that are Kubernetes' own, Flux's, or the platform's for everybody. */
const reservedNamespaces = [
  "cert-manager, default, envoy-gateway-system, external-secrets, flagger, flagger-system, fleet-system, flux-system",
  "ingress-nginx, keda, metrics-server, monitoring, platform, sealed-secrets",
].join(", ");

const otherNamespace = "Choose another name, for instance the tenant's";

/** Namespace of a tenant: a DNS label that is not reserved. */
export const tenantNamespace = ruleOf(
  dnsLabel,
  refuse(/^kube-/, 'is reserved: Kubernetes keeps namespaces starting with "kube-" for itself', otherNamespace),
  refuse(
    new RegExp(`^(${reservedNamespaces.replaceAll(", ", "|")})$`),
    `is reserved: a tenant cannot have the namespaces ${reservedNamespaces}`,
    otherNamespace,
  ),
);

/** Name of a stack: also a folder beside `base` and `groups`, so it cannot be one of these. */
export const stackName = ruleOf(
  dnsLabel,
  refuse(
    new RegExp(`^${BASE_FOLDER}$`),
    `is reserved: stacks/${BASE_FOLDER} holds what all stacks share`,
    "Choose another name",
  ),
  refuse(
    new RegExp(`^${GROUPS_FOLDER}$`),
    `is reserved: stacks/${GROUPS_FOLDER} holds the defaults of groups of tenants`,
    "Choose another name",
  ),
);

/**
 * Id of an object of GitHub, which a renaming keeps: in the present or in the older, encoded form.
 * @see https://docs.github.com/en/graphql/guides/migrating-graphql-global-node-ids
 */
export const gitHubNodeId = patternRule({
  pattern: "^[A-Za-z0-9_-]+={0,2}$",
  maxLength: 255,
  form: "an id of GitHub: letters, digits, _ and -",
  fix: "Copy node_id of gh api repos/OWNER/NAME, which looks like R_kgDOA1b2Cw",
});

/**
 * Name of a GitHub repository. GitHub silently renames what it does not allow, and drops a trailing `.git`: then the
 * program would look for a repository that does not exist, so such names are refused.
 * @see https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits#repository-name
 */
export const gitHubRepository = ruleOf(
  patternRule({
    pattern: "^[A-Za-z0-9._-]+$",
    maxLength: 100,
    form: 'a GitHub repository name: letters, digits, ".", "-" and "_"',
    fix: "GitHub would replace every other character by a hyphen; choose a name that stays as it is",
  }),
  // A path segment that every URL parser removes.
  refuse(/^\.\.?$/, "is a relative path, not a name"),
  refuse(/\.git$/i, 'ends in ".git", which GitHub reserves', "Leave the ending out"),
  refuse(/\.wiki$/i, 'ends in ".wiki", which GitHub reserves', "Leave the ending out"),
  // https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions/creating-a-default-community-health-file
  refuse(
    /^\.github(-private)?$|\.github\.io$/i,
    "is a repository that GitHub uses for the whole organisation: its profile, its defaults or its web site",
    "Choose another name",
  ),
);

/** Topic of a GitHub repository. */
export const gitHubTopic = patternRule({
  pattern: "^[a-z0-9][a-z0-9-]*$",
  maxLength: 50,
  form: 'a GitHub topic: lower-case letters, digits and "-", with a letter or digit at the start',
  fix: "Write it like payments",
});

/** Name of a GitHub organisation or user. */
export const gitHubOwner = accountName("owner", "Write the name of the organisation as it is in its URL");

/** Login of a GitHub user. */
export const gitHubUser = accountName("login", "Write it as it is in the address of the user's page, without @");

/**
 * Underscores occur in names of Enterprise Managed Users only.
 * @see https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
 */
function accountName(kind: string, fix: string) {
  return patternRule({
    pattern: "^[A-Za-z0-9]([-_](?=[A-Za-z0-9])|[A-Za-z0-9])*$",
    maxLength: 39,
    form: `a GitHub ${kind}: letters, digits and single hyphens, with a letter or digit at both ends`,
    fix,
  });
}

/**
 * Name of a GitHub team that is its own slug: GitHub derives the slug, by which a team is found, from the name.
 * @see https://docs.github.com/en/rest/teams/teams#get-a-team-by-name
 */
export const teamName = patternRule({
  pattern: "^[a-z0-9_]+(-[a-z0-9_]+)*$",
  maxLength: 100,
  form: 'a team as its address has it: lower-case letters, digits, "_" and single hyphens',
  fix: "Write the last part of the team's address, for instance payments",
});

/** The rules of Git for a branch name, in the order of its documentation. */
const branchFaults: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)\./, 'has a part that starts with "."'],
  [/\.lock(\/|$)/, 'has a part that ends in ".lock"'],
  [/\.\./, 'contains ".."'],
  [/[\p{Cc} ~^:?*[\\]/u, "contains a space, a control character or one of ~ ^ : ? * [ \\"],
  [/^\/|\/$|\/\//, 'has a "/" at an end or two in a row'],
  [/\.$/, 'ends in "."'],
  [/@\{/, 'contains "@{"'],
  [/^@$/, 'is "@", another way to say HEAD'],
  [/^-/, 'starts with "-", as options do'],
  [/^HEAD$/, 'is "HEAD", which is not a branch'],
  [/^refs\//, 'starts with "refs/"'],
];

/**
 * Name of a Git branch, as `git check-ref-format --branch` has it; `refs/heads/NAME` must fit into the 255 bytes of a
 * file name, because Git keeps branches as files.
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export const branchName = ruleOf(
  {
    pattern: "^[^\\-\\/. ~\\^:?*\\[\\\\\\p{Cc}][^ ~\\^:?*\\[\\\\\\p{Cc}]*$",
    maxLength: 244,
    hint: hintOf("a branch name", "Name a branch, for instance main"),
  },
  refuse(/^$/, "is empty", "Name a branch, for instance main"),
  (value) =>
    Buffer.byteLength(value) > 244 ? { message: "is longer than 244 bytes", fix: "Choose a shorter one" } : undefined,
  ...branchFaults.map(([expression, fault]) =>
    refuse(expression, `is not a branch name: it ${fault}`, "Name a branch, for instance main"),
  ),
);

/** One line about a tenant, shown on its repository's page. GitHub takes 350 characters, and no control characters. */
export const repositoryDescription = patternRule({
  pattern: "^[^\\p{Cc}]+$",
  maxLength: 350,
  form: "one line: it contains a line break or another control character",
  fix: "Write it on one line",
});

/** Version of Flux, as its releases are tagged. */
export const fluxVersion = patternRule({
  pattern: "^v[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$",
  form: "a Flux version",
  fix: "Write it as the release is tagged, for instance v2.9.2; flux.lock.json lists those that can be used",
});

/** Variables that the program sets itself on every cluster. */
export const PLATFORM_VARIABLES: readonly string[] = ["cluster_name", "cluster_stack"];

/**
 * Name of a variable for Flux's substitution after the build.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export const variableName = ruleOf(
  patternRule({
    pattern: "^[_A-Za-z][_A-Za-z0-9]*$",
    form: 'a variable name: letters, digits and "_", not starting with a digit',
    fix: "Flux refuses every other name at the time of the sync; choose one like cluster_region",
  }),
  refuse(
    new RegExp(`^(${PLATFORM_VARIABLES.join("|")})$`),
    "is set by the program itself on every cluster",
    "Remove it, or choose another name",
  ),
);

/** Flux takes line breaks out of a variable's value, so one with line breaks would not arrive as it was written. */
export const variableValue = ruleOf(
  { pattern: "^[^\\n]*$", hint: hintOf("one line", "Flux removes line breaks on substitution") },
  refuse(/\n/, "contains a line break, which Flux removes on substitution", "Write it on one line"),
);
