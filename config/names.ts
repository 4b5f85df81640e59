/** Folder of `stacks/` that holds what all stacks share; so no stack can have this name. */
export const BASE_FOLDER = "base";

/** Folder of `stacks/` that holds the defaults of groups of tenants; so no stack can have this name. */
export const GROUPS_FOLDER = "groups";

/** Name of the file in a stack's folder that holds the defaults of all its tenants. */
export const DEFAULTS_FILE = "defaults.yaml";

/** File with the waivers of rules. Reviews read it, and the loader does not. */
export const WAIVERS_FILE = "stacks/waivers.yaml";

/** Name of the platform's source and root sync, in Flux's namespace. */
export const PLATFORM_SOURCE = "platform";

/** Service account of the platform's sync, the only one with the role cluster-admin. */
export const PLATFORM_RECONCILER = "platform-reconciler";

/** ClusterRoleBinding of that account. */
export const PLATFORM_BINDING = `fleet-${PLATFORM_RECONCILER}`;

/** Output of the stack that creates repositories: GitHub's id of each one, by name. Other stacks compare with it. */
export const REPOSITORY_IDS_OUTPUT = "repositoryIds";

/** Start of the names of the ConfigMaps and Secrets that all tenants' namespaces have; reserved for the platform. */
export const COMMON_OBJECT_PREFIX = "fleet-common-";

/** Start of the names of the pull Secrets that the platform creates in tenants' namespaces; reserved for it. */
export const PULL_SECRET_PREFIX = "fleet-pull-";

/** ConfigMap whose entries the platform's manifests can use as `${name}`, in Flux's namespace. */
export const CLUSTER_VARIABLES = "cluster-vars";

/** Secret with the credential of the platform's repository, in Flux's namespace. One with a token has another name. */
export const PLATFORM_GIT_SECRET = "platform-git";

/** Secret with the public keys that verify the platform's commits and tags, in Flux's namespace. */
export const PLATFORM_VERIFY_SECRET = "platform-verify";

/** Name of the platform's quota, limit range and network policy in a tenant's namespace. */
export const PLATFORM_OBJECT = "tenant";

/** The file that puts a tenant on a stack. */
export function overlayFile(stack: string, tenant: string): string {
  return `stacks/${stack}/tenants/${tenant}.yaml`;
}
