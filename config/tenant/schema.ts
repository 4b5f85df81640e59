import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import { textField } from "../rules/field.js";
import { dnsLabel, repositoryDescription } from "../rules/names.js";
import { access } from "./access/schema.js";
import { baseOnly, fileOf, layerOf, ofOneTenant } from "./forms.js";
import { group } from "./group/schema.js";
import { helm } from "./helm/schema.js";
import { hosts } from "./hosts/schema.js";
import { completeImageAutomation, imageAutomation } from "./image-automation/schema.js";
import { limits } from "./limits/schema.js";
import { totalLimits } from "./limits/total.js";
import { completeNamespace, namespace, namespaces } from "./namespaces/schema.js";
import { network } from "./network/schema.js";
import { completeNotification, notifications } from "./notifications/schema.js";
import { progressiveDelivery } from "./progressive-delivery/schema.js";
import { pullSecrets } from "./pull-secrets/schema.js";
import { completeRepository, repositories, repository } from "./repositories/schema.js";
import { robot } from "./robot/schema.js";
import { serviceAccounts } from "./service-accounts/schema.js";
import { serviceExports, serviceImports } from "./services/schema.js";
import { shard } from "./shard/schema.js";
import { completeSync, sync, syncs } from "./syncs/schema.js";
import { completeTeam, team } from "./team/schema.js";
import { webhook } from "./webhook/schema.js";

const description = textField(repositoryDescription, {
  description:
    "Purpose of the tenant, in one line. The repository's page shows it. Default: a sentence with the tenant's name.",
});

/** The sections of a tenant's files, base and overlay merged; a section that is left out has its defaults. */
export const tenantSections = z.strictObject({
  name: ofOneTenant(
    textField(dnsLabel, {
      description: "Name of the tenant. It must be the name of the file, without .yaml.",
      examples: ["team-payments"],
    }),
    "it is the tenant's name",
  ),
  group,
  description: ofOneTenant(baseOnly(description.exactOptional(), "repository"), "each tenant has another purpose"),
  /** No team is every tenant's. */
  team: ofOneTenant(baseOnly(team.exactOptional(), "team"), "a team is of one tenant"),
  repository,
  repositories,
  namespace,
  namespaces,
  access,
  limits,
  totalLimits,
  network,
  hosts,
  exports: serviceExports,
  imports: serviceImports,
  serviceAccounts,
  pullSecrets,
  progressiveDelivery,
  sync,
  syncs,
  shard,
  helm,
  imageAutomation,
  notifications,
  webhook,
  robot,
});

/** The form of stacks/base/tenants/TEAM.yaml: a tenant on every stack. */
export const tenantFile = fileOf(tenantSections);

/** The form of that file for a tenant that names a group: merged over the group's defaults, which null takes away. */
export const tenantFileInGroup = z.strictObject({
  ...(layerOf(tenantSections, "base") as z.ZodObject).shape,
  name: tenantSections.shape.name,
});

/** The form of stacks/groups/NAME.yaml: defaults of all tenants that name the group, on every stack. */
export const groupFile = layerOf(tenantSections, "group");

/** The form of stacks/STACK/defaults.yaml: defaults of all tenants of the stack, merged over their base files. */
export const defaultsFile = layerOf(tenantSections, "defaults");

/** The form of stacks/STACK/tenants/TEAM.yaml: the difference of a tenant on one stack, merged over all other files. */
export const tenantOverlay = layerOf(tenantSections, "overlay");

/**
 * A tenant's sections with the defaults that depend on its name, on the stack and on each other. The primary and the
 * additional parts of one kind, which are sections of their own in the files, are one list from here on.
 */
export function completeTenant(stack: string, declared: z.output<typeof tenantSections>) {
  // The group has given its values, and is nothing of the tenant itself.
  const { name, group: _group, team, imageAutomation, namespace, repository, sync, limits, ...sections } = declared;
  const namespaces = partsOf(name, { ...namespace, limits }, sections.namespaces, completeNamespace);
  const repositories = partsOf(name, repository, sections.repositories, completeRepository);
  const inNamespace = <Part extends { readonly namespace?: string }>(part: Part) => ({
    namespace: namespaces[0].name,
    ...part,
  });
  const syncs = partsOf(name, sync, sections.syncs, (part: Declared["syncs"][string]) =>
    inNamespace({ repository: repositories[0].name, ...completeSync(stack, part) }),
  );
  return {
    description: `Deployments of the tenant ${name}`,
    ...sections,
    name,
    ...(team === undefined ? {} : { team: completeTeam(name, team) }),
    namespaces,
    repositories,
    syncs,
    exports: each(sections.exports, inNamespace),
    imports: each(sections.imports, inNamespace),
    serviceAccounts: each(sections.serviceAccounts, inNamespace),
    notifications: each(sections.notifications, completeNotification),
    ...(imageAutomation === undefined
      ? {}
      : { imageAutomation: completeImageAutomation(imageAutomation, repositories[0].defaultBranch) }),
  };
}

type Declared = z.output<typeof tenantSections>;

/** A tenant of one stack, complete: plain data that does not change. */
export type TenantSpec = DeepReadonly<ReturnType<typeof completeTenant>>;

type Named<Part> = Part & { readonly name: string };

function partsOf<Part, Completed>(
  tenant: string,
  primary: Part & { readonly name?: string },
  additional: Readonly<Record<string, Part>>,
  complete: (part: Part) => Completed,
): readonly [primary: Named<Completed>, ...additional: Named<Completed>[]] {
  const others = Object.entries(additional).map(([name, part]) => ({ name, ...complete(part) }));
  return [{ name: tenant, ...complete(primary) }, ...others];
}

function each<Entry, Completed>(
  entries: Readonly<Record<string, Entry>>,
  complete: (entry: Entry) => Completed,
): Record<string, Completed> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, complete(entry)]));
}
