import type { ExtendedResources, ImageRules } from "./stack/admission-schema.js";
import type { StackConfig } from "./stack/schema.js";
import type { TenantSpec } from "./tenant/schema.js";

/** Everything a stack is: plain data that does not change, read once from files, configuration and environment. */
export interface FleetSpec {
  /** Name of the stack: `staging`. */
  readonly stack: string;
  /** Name of the cluster, in titles of deploy keys. */
  readonly cluster: string;
  /** Every stack that has an overlay folder, sorted. */
  readonly stacks: readonly string[];
  readonly github: {
    /** Organisation or user that has the repositories. */
    readonly owner: string;
    /** Host of GitHub's pages and of clones by https, with its port if it is not the usual one: `github.com`. */
    readonly host: string;
    /** Stack that creates repositories. */
    readonly repositoryOwner: string;
    /** Whether that is this stack. */
    readonly ownsRepositories: boolean;
  };
  readonly flux: {
    /** Release of Flux: `v2.9.2`. */
    readonly version: string;
  } & Pick<
    StackConfig,
    | "clusterDomain"
    | "logLevel"
    | "extraComponents"
    | "readyTimeout"
    | "controllers"
    | "controllerRights"
    | "ingressNamespaces"
    | "webhookUrl"
  >;
  readonly platform: {
    readonly repository: StackConfig["platformRepository"];
    /** Folder of the platform repository that this cluster syncs. */
    readonly path: string;
    /** How often the platform is synced, a duration. */
    readonly interval: string;
    /** Variables for the platform's manifests. */
    readonly variables: StackConfig["variables"];
    /** Services that tenants may import, by name. */
    readonly exports: StackConfig["exports"];
    /** Addons of the infrastructure for tenants, beside Kubernetes and Flux. */
    readonly addons: StackConfig["offers"];
  };
  /** The settings of the admission policies. */
  readonly admission: {
    /** Whether they refuse, or only tell. */
    readonly mode: StackConfig["admission"];
    /** Hosts of sources beside GitHub's. */
    readonly sourceHosts: StackConfig["allowedSourceHosts"];
    /** Owners of sources at GitHub beside the organisation. */
    readonly sourceOwners: StackConfig["allowedSourceOwners"];
    readonly serviceExposure: StackConfig["serviceExposure"];
    readonly images: ImageRules;
    readonly workloadResources: StackConfig["workloadResources"];
    /** Resources that containers may use besides CPU, memory and disk, with the amount for each namespace. */
    readonly extendedResources: ExtendedResources;
    /** Whether tenants serve the hosts of their files alone, or any. */
    readonly hosts: StackConfig["hosts"];
    readonly notificationAddresses: StackConfig["notificationAddresses"];
    /** Annotations of clouds' identities beside those that are known anyway. */
    readonly identityAnnotations: StackConfig["identityAnnotations"];
    /** PriorityClasses that tenants' pods may have. */
    readonly priorityClasses: StackConfig["priorityClasses"];
  };
  /** Sorted by name. */
  readonly tenants: readonly TenantSpec[];
}
