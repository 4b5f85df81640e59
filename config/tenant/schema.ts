import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import { resettable, textField } from "../rules/field.js";
import { dnsLabel, repositoryDescription } from "../rules/names.js";
import { access, accessOverlay } from "./access/schema.js";
import { tenantDefaults } from "./defaults.js";
import { helm, helmFile, helmOverlay } from "./helm/schema.js";
import { hosts, hostsOverlay } from "./hosts/schema.js";
import { imageAutomation, imageAutomationOverlay } from "./image-automation/schema.js";
import { limits, limitsOverlay } from "./limits/schema.js";
import {
  furtherNamespaces,
  furtherNamespacesFile,
  furtherNamespacesOverlay,
  namespace,
  namespaceOverlay,
} from "./namespaces/schema.js";
import { network, networkOverlay } from "./network/schema.js";
import { notifications, notificationsFile, notificationsOverlay } from "./notifications/schema.js";
import { furtherRepositories, furtherRepositoriesFile, repository, repositoryFile } from "./repositories/schema.js";
import { robot, robotOverlay } from "./robot/schema.js";
import { serviceAccounts, serviceAccountsFile, serviceAccountsOverlay } from "./service-accounts/schema.js";
import {
  serviceExports,
  serviceExportsFile,
  serviceExportsOverlay,
  serviceImports,
  serviceImportsFile,
  serviceImportsOverlay,
} from "./services/schema.js";
import { furtherSyncs, furtherSyncsFile, furtherSyncsOverlay, sync, syncFile, syncOverlay } from "./syncs/schema.js";
import { team, teamFile } from "./team/schema.js";

const tenantName = textField(dnsLabel, {
  description: "Name of the tenant. It must be the name of the file, without .yaml.",
  examples: ["team-payments"],
});

const description = textField(repositoryDescription, {
  description:
    "What the tenant does, in one line; shown on the repository's page. Default: a sentence with the tenant's name.",
});

const webhook = z.boolean().meta({
  description:
    "Whether GitHub tells the cluster of each push, so that it is applied within seconds; the stack must have fleet:webhookUrl.",
  default: tenantDefaults.webhook,
});

const repositoryDescriptionText = "Where the tenant's manifests are. A repository exists once, for all stacks.";
const namespaceText = "The tenant's first namespace on the cluster.";
const accessText = "Which people may do what in the tenant's namespaces.";
const limitsText = "What the tenant may take of the cluster.";
const networkText = "What the tenant's pods may reach, and be reached by, beside DNS and each other.";
const helmText =
  "Where HelmReleases get charts from: sources that the platform makes in the first namespace, also at hosts that tenants may not name themselves.";
const robotText = "The account of the tenant's pipelines.";
const syncText = "What of the repository is applied on the cluster, and when.";

const progressiveDelivery = z.boolean().meta({
  description:
    "Whether the tenant may make Flagger's Canaries, MetricTemplates and AlertProviders; only where fleet:offers of the stack lists flagger.",
  default: tenantDefaults.progressiveDelivery,
});

/** A tenant of one stack, complete: base and overlay merged, every default filled in. */
export const tenantSpec = z.strictObject({
  name: tenantName,
  description,
  /** There is no team that every tenant has. */
  team: team.optional(),
  repository,
  repositories: furtherRepositories,
  namespace,
  namespaces: furtherNamespaces,
  access,
  limits,
  network,
  hosts,
  exports: serviceExports,
  imports: serviceImports,
  serviceAccounts,
  progressiveDelivery,
  sync,
  syncs: furtherSyncs,
  helm,
  imageAutomation: imageAutomation.optional(),
  notifications,
  webhook,
  robot,
});

/** stacks/base/tenants/TEAM.yaml: what a tenant is on every stack. */
export const tenantFile = z.strictObject({
  name: tenantName,
  description: description.optional(),
  team: teamFile.optional(),
  repository: repositoryFile.optional().meta({ description: repositoryDescriptionText }),
  repositories: furtherRepositoriesFile.optional(),
  namespace: namespace.partial().optional().meta({ description: namespaceText }),
  namespaces: furtherNamespacesFile.optional(),
  access: access.partial().optional().meta({ description: accessText }),
  limits: limits.partial().optional().meta({ description: limitsText }),
  network: network.partial().optional().meta({ description: networkText }),
  hosts: hosts.optional(),
  exports: serviceExportsFile.optional(),
  imports: serviceImportsFile.optional(),
  serviceAccounts: serviceAccountsFile.optional(),
  progressiveDelivery: progressiveDelivery.optional(),
  sync: syncFile.optional().meta({ description: syncText }),
  syncs: furtherSyncsFile.optional(),
  helm: helmFile.optional().meta({ description: helmText }),
  notifications: notificationsFile.optional(),
  webhook: webhook.optional(),
  robot: robot.partial().optional().meta({ description: robotText }),
});

/**
 * stacks/STACK/tenants/TEAM.yaml: how a tenant differs on one stack; merged over its base file.
 *
 * It has neither description, team nor repositories: they exist once, and what one stack said about them, another would
 * undo.
 */
export const tenantOverlay = z.strictObject({
  name: tenantName.optional(),
  namespace: namespaceOverlay.optional().meta({ description: namespaceText }),
  namespaces: furtherNamespacesOverlay.optional(),
  access: accessOverlay.optional().meta({ description: accessText }),
  limits: limitsOverlay.optional().meta({ description: limitsText }),
  network: networkOverlay.optional().meta({ description: networkText }),
  hosts: hostsOverlay,
  exports: serviceExportsOverlay.optional(),
  imports: serviceImportsOverlay.optional(),
  serviceAccounts: serviceAccountsOverlay.optional(),
  progressiveDelivery: resettable(progressiveDelivery),
  sync: syncOverlay.optional().meta({ description: syncText }),
  syncs: furtherSyncsOverlay.optional(),
  helm: helmOverlay.optional().meta({ description: helmText }),
  imageAutomation: imageAutomationOverlay.optional(),
  notifications: notificationsOverlay.optional(),
  webhook: resettable(webhook),
  robot: robotOverlay.optional().meta({ description: robotText }),
});

/** A tenant of one stack: plain data that does not change. */
export type TenantSpec = DeepReadonly<z.infer<typeof tenantSpec>>;
