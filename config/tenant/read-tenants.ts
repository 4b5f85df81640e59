import type { Problem } from "../../lib/diagnostics/problem.js";
import { mergeSubjects } from "../../lib/diagnostics/subjects.js";
import { declaringFiles, declaringFilesEverywhere } from "../files/declaring-files.js";
import { layersOf } from "../files/location.js";
import type { TenantFiles } from "../files/tenant-files.js";
import { accessProblems } from "./access/checks.js";
import { addonProblems } from "./addons/checks.js";
import { commonObjectProblems } from "./common-objects/checks.js";
import type { ParsedTenant, TenantsArgs } from "./declared-tenant.js";
import { baseProblems, defaultsProblems, groupProblems, overlayProblems, withoutMisplaced } from "./file-problems.js";
import { gitTokenProblems } from "./git-tokens/checks.js";
import { helmProblems } from "./helm/checks.js";
import { hostClashes } from "./hosts/checks.js";
import { imageAutomationProblems } from "./image-automation/checks.js";
import { totalLimitProblems } from "./limits/total.js";
import { namespaceClashes, namespaceKeyProblems, podSecurityProblems } from "./namespaces/checks.js";
import { ingressNamespaceProblems, ingressProblems } from "./network/checks.js";
import { notificationSecretProblems, notificationTypeProblems, notifiedSyncProblems } from "./notifications/checks.js";
import { withCommitStatus } from "./notifications/commit-status.js";
import { defaultsRemovalProblems, removalProblems } from "./overlay-nulls.js";
import { parseTenant } from "./parse-tenant.js";
import { pullSecretProblems, secretCountProblems } from "./pull-secrets/checks.js";
import { repositoryProblems } from "./repositories/checks.js";
import { robotProblems } from "./robot/checks.js";
import { tenantSections } from "./schema.js";
import { accountAnnotationProblems, accountNamespaceProblems } from "./service-accounts/checks.js";
import { exportProblems, importProblems, platformExportProblems, serviceNamespaceProblems } from "./services/checks.js";
import { shardProblems } from "./shard/checks.js";
import { unusedSecretProblems } from "./stack-secrets.js";
import { syncProblems } from "./syncs/checks.js";
import { unendedExceptionProblems } from "./syncs/exceptions.js";
import { followedRevisionProblems } from "./syncs/followed-revisions.js";
import { freezeProblems } from "./syncs/freeze.js";
import { teamProblems } from "./team/checks.js";
import { webhookProblems } from "./webhook/checks.js";

/** The checks of every tenant that has a base file, on this stack or not, as that file declares it. */
const checksEverywhere = [repositoryProblems, teamProblems];

const checksOnStack = [
  accessProblems,
  accountAnnotationProblems,
  accountNamespaceProblems,
  addonProblems,
  commonObjectProblems,
  exportProblems,
  followedRevisionProblems,
  gitTokenProblems,
  helmProblems,
  hostClashes,
  freezeProblems,
  imageAutomationProblems,
  importProblems,
  ingressNamespaceProblems,
  ingressProblems,
  namespaceClashes,
  notificationSecretProblems,
  notificationTypeProblems,
  notifiedSyncProblems,
  platformExportProblems,
  podSecurityProblems,
  namespaceKeyProblems,
  pullSecretProblems,
  robotProblems,
  secretCountProblems,
  serviceNamespaceProblems,
  shardProblems,
  syncProblems,
  totalLimitProblems,
  unendedExceptionProblems,
  unusedSecretProblems,
  webhookProblems,
];

/**
 * The tenants of a stack, sorted by name: all their files merged, defaults filled in; those that only other stacks have, as
 * their base files and groups declare them; and all problems of their files.
 * The tenants are complete only when there is no problem.
 */
export function readTenants(args: TenantsArgs) {
  const { stack, settings } = args;
  const sharedFaults = sharedFileProblems(args.files);
  const files = withSoundDefaults(args.files);
  const problems: Problem[] = [...sharedFaults];
  const everywhere: ParsedTenant[] = [];
  const onStack: ParsedTenant[] = [];
  for (const [name, base] of files.base) {
    const ofFiles = baseProblems(name, base, files);
    const [shared, all] = [declaringFilesEverywhere(files, name), declaringFiles(files, name)];
    if (shared === undefined || all === undefined) continue;
    everywhere.push(parseTenant(stack, shared).tenant);
    const { overlay } = all;
    if (overlay !== undefined) {
      ofFiles.push(...overlayProblems(name, overlay, files), ...removalProblems(tenantSections, all));
      const parsed = parseTenant(stack, all);
      onStack.push(withCommitStatus(parsed.tenant, settings));
      // A file that breaks its own form has said so already, in the words for that form.
      if (ofFiles.length === 0 && layersOf(all).every(([, file]) => file.readable)) {
        problems.push(...parsed.problems.filter(({ file }) => !sharedFaults.some((fault) => fault.file === file)));
      }
    } else {
      ofFiles.push(...removalProblems(tenantSections, shared));
    }
    problems.push(...ofFiles);
  }
  for (const [name, overlay] of files.overlays) {
    if (!files.base.has(name)) problems.push(...overlayProblems(name, overlay, files));
  }
  const { defaults } = files;
  if (defaults !== undefined) problems.push(...defaultsRemovalProblems(tenantSections, defaults, onStack));
  problems.push(...checksEverywhere.flatMap((check) => check(everywhere, { ...args, files })));
  problems.push(...checksOnStack.flatMap((check) => check(onStack, { ...args, files })));
  const elsewhere = everywhere.filter(({ name }) => files.elsewhere.has(name) && !files.overlays.has(name));
  const sectionsOf = (tenants: readonly ParsedTenant[]) => tenants.map(({ sections }) => sections);
  return {
    tenants: sectionsOf(onStack),
    tenantsElsewhere: sectionsOf(elsewhere),
    problems: mergeSubjects(problems),
  };
}

/** The problems of the files of defaults by themselves. */
function sharedFileProblems(files: TenantFiles): Problem[] {
  const ofGroups = [...files.groups].flatMap(([name, group]) => groupProblems(name, group, files));
  return [...ofGroups, ...(files.defaults === undefined ? [] : defaultsProblems(files.defaults))];
}

/** The files with defaults that each tenant can have. */
function withSoundDefaults(files: TenantFiles): TenantFiles {
  const groups = [...files.groups].map(([name, group]) => [name, withoutMisplaced(group, "group")] as const);
  const { defaults } = files;
  return {
    ...files,
    groups: new Map(groups),
    ...(defaults && { defaults: withoutMisplaced(defaults, "defaults") }),
  };
}
