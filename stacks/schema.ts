import { z } from "zod";
import type { StackConfig } from "./config-schema.js";
import { tenantDefaults } from "./defaults.js";
import { durationRule } from "./duration.js";
import { choiceField, resettable, textField } from "./field.js";
import type { DeepReadonly } from "./freeze.js";
import { labelValue, tenantKey } from "./labels.js";
import { limits, limitsOverlay } from "./limits-schema.js";
import { branchName, dnsLabel, gitHubRepository, repositoryDescription, tenantNamespace } from "./names.js";
import { network, networkOverlay } from "./network-schema.js";
import { repositoryPath } from "./repository-path.js";
import type { Rule } from "./rule.js";

/**
 * Who can read a repository on GitHub.
 * @see https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories#about-repository-visibility
 */
export const VISIBILITIES = ["private", "internal", "public"] as const;

/** Annotations take any text; the size of the file bounds all of them together. */
const anyText: Rule = { pattern: "", check: () => undefined };

/** What a repository is, whoever's it is. */
export const repositoryFields = {
  visibility: choiceField(VISIBILITIES, {
    description:
      "Who can read the repository: only invited people, everybody in the enterprise, or everybody. Internal exists in organisations of an enterprise only.",
    default: tenantDefaults.visibility,
  }),
  defaultBranch: textField(branchName, {
    description: "Branch that the clusters follow.",
    default: tenantDefaults.defaultBranch,
  }),
};

const tenantName = textField(dnsLabel, {
  description: "Name of the tenant. It must be the name of the file, without .yaml.",
  examples: ["team-payments"],
});

const description = textField(repositoryDescription, {
  description:
    "What the tenant does, in one line; shown on the repository's page. Default: a sentence with the tenant's name.",
});

const repository = z.strictObject({
  name: textField(gitHubRepository, {
    description: "Name of the tenant's Git repository at GitHub. Default: the tenant's name.",
    examples: ["team-payments"],
  }),
  ...repositoryFields,
});
const repositoryDescriptionText = "Where the tenant's manifests are. A repository exists once, for all stacks.";

const labels = textField(labelValue, { description: "Value of a label." });
const annotations = textField(anyText, { description: "Value of an annotation." });
const key = textField(tenantKey, { description: "Key that does not belong to the platform." });

const namespace = z.strictObject({
  name: textField(tenantNamespace, {
    description: "Namespace that the tenant's objects are in. Default: the tenant's name.",
    examples: ["payments"],
  }),
  labels: z.record(key, labels).meta({
    description: "Labels of the namespace, beside those that the platform sets. Default: none.",
    examples: [{ "cost-center": "4711" }],
  }),
  annotations: z.record(key, annotations).meta({
    description: "Annotations of the namespace, beside those that the platform sets. Default: none.",
    examples: [{ "example.com/on-call": "https://on-call.example.com/payments" }],
  }),
});
const namespaceText = "The tenant's namespace on the cluster.";

const sync = z.strictObject({
  path: textField(repositoryPath, {
    description: "Folder of the repository that is applied on the cluster. Default: ./deploy/ and the stack's name.",
    examples: ["./deploy/staging"],
  }),
  interval: textField(
    durationRule({
      least: "10s",
      most: "1h",
      why: "more often costs the Git server and the cluster more than it brings, and until then a change by hand stays",
    }),
    {
      description: "How often Git is looked at, and changes made by hand are undone.",
      default: tenantDefaults.interval,
    },
  ),
  retryInterval: textField(
    durationRule({
      least: "10s",
      most: "1h",
      why: "all tenants share the controllers, and a sync that fails again and again takes their time",
    }),
    {
      description: "How soon a failed sync is tried again.",
      default: tenantDefaults.retryInterval,
    },
  ),
  timeout: textField(
    durationRule({
      least: "10s",
      most: "30m",
      why: "while a sync waits for its workloads it holds one of the workers that all tenants share",
    }),
    {
      description: "How long the workloads may take to become ready before the sync counts as failed.",
      default: tenantDefaults.timeout,
    },
  ),
  suspend: z.boolean().meta({
    description: "Stops the sync: nothing is applied and nothing is undone until it is false again.",
    default: tenantDefaults.suspend,
  }),
});
const limitsText = "What the tenant may take of the cluster.";
const networkText = "What the tenant's pods may reach, and be reached by, beside DNS and each other.";
const syncText = "What of the repository is applied on the cluster, and when.";

/** A tenant of one stack, complete: base and overlay merged, every default filled in. */
export const tenantSpec = z.strictObject({
  name: tenantName,
  description,
  repository,
  namespace,
  limits,
  network,
  sync,
});

/** stacks/base/tenants/TEAM.yaml: what a tenant is on every stack. */
export const tenantFile = z.strictObject({
  name: tenantName,
  description: description.optional(),
  repository: repository.partial().optional().meta({ description: repositoryDescriptionText }),
  namespace: namespace.partial().optional().meta({ description: namespaceText }),
  limits: limits.partial().optional().meta({ description: limitsText }),
  network: network.partial().optional().meta({ description: networkText }),
  sync: sync.partial().optional().meta({ description: syncText }),
});

/**
 * stacks/STACK/tenants/TEAM.yaml: how a tenant differs on one stack; merged over its base file.
 *
 * It has neither description nor repository: a repository exists once, and what one stack said about it, another
 * would undo.
 */
export const tenantOverlay = z.strictObject({
  name: tenantName.optional(),
  namespace: z
    .strictObject({
      name: resettable(namespace.shape.name),
      labels: z
        .record(key, labels.nullable())
        .optional()
        .meta({ description: "Labels laid over those of the base file; null removes one." }),
      annotations: z
        .record(key, annotations.nullable())
        .optional()
        .meta({ description: "Annotations laid over those of the base file; null removes one." }),
    })
    .optional()
    .meta({ description: namespaceText }),
  limits: limitsOverlay.optional().meta({ description: limitsText }),
  network: networkOverlay.optional().meta({ description: networkText }),
  sync: z
    .strictObject({
      path: resettable(sync.shape.path),
      interval: resettable(sync.shape.interval),
      retryInterval: resettable(sync.shape.retryInterval),
      timeout: resettable(sync.shape.timeout),
      suspend: resettable(sync.shape.suspend),
    })
    .optional()
    .meta({ description: syncText }),
});

/** A tenant of one stack: plain data that does not change. */
export type TenantSpec = DeepReadonly<z.infer<typeof tenantSpec>>;

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
  } & Pick<StackConfig, "clusterDomain" | "logLevel" | "extraComponents" | "readyTimeout" | "controllers">;
  readonly platform: {
    readonly repository: StackConfig["platformRepository"];
    /** Folder of the platform repository that this cluster syncs. */
    readonly path: string;
    /** How often the platform is synced, a duration. */
    readonly interval: string;
    /** Variables for the platform's manifests. */
    readonly variables: StackConfig["variables"];
  };
  /** What admission policies let tenants do. */
  readonly admission: {
    /** Whether they refuse, or only tell. */
    readonly mode: StackConfig["admission"];
    /** Hosts of sources beside GitHub's. */
    readonly sourceHosts: StackConfig["allowedSourceHosts"];
    /** Owners of sources at GitHub beside the organisation. */
    readonly sourceOwners: StackConfig["allowedSourceOwners"];
    readonly serviceExposure: StackConfig["serviceExposure"];
  };
  /** Sorted by name. */
  readonly tenants: readonly TenantSpec[];
}
