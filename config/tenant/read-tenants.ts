import type { Problem } from "../../lib/diagnostics/problem.js";
import { accessProblems } from "./access/checks.js";
import { commonObjectProblems } from "./common-objects/checks.js";
import type { ParsedTenant, TenantsArgs } from "./declared-tenant.js";
import { baseProblems, overlayProblems } from "./file-problems.js";
import { gitTokenProblems } from "./git-tokens/checks.js";
import { helmProblems } from "./helm/checks.js";
import { hostClashes } from "./hosts/checks.js";
import { imageAutomationProblems } from "./image-automation/checks.js";
import { namespaceClashes, namespaceKeyProblems, podSecurityProblems } from "./namespaces/checks.js";
import { ingressNamespaceProblems, ingressProblems } from "./network/checks.js";
import { notificationSecretProblems, notificationTypeProblems, notifiedSyncProblems } from "./notifications/checks.js";
import { withCommitStatus } from "./notifications/commit-status.js";
import { parseTenant } from "./parse-tenant.js";
import { addonProblems } from "./progressive-delivery/checks.js";
import { pullSecretProblems, secretCountProblems } from "./pull-secrets/checks.js";
import { repositoryProblems } from "./repositories/checks.js";
import { robotProblems } from "./robot/checks.js";
import { accountAnnotationProblems, accountNamespaceProblems } from "./service-accounts/checks.js";
import { exportProblems, importProblems, platformExportProblems, serviceNamespaceProblems } from "./services/checks.js";
import { shardProblems } from "./shard/checks.js";
import { unusedSecretProblems } from "./stack-secrets.js";
import { syncProblems } from "./syncs/checks.js";
import { followedRevisionProblems } from "./syncs/followed-revisions.js";
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
  unusedSecretProblems,
  webhookProblems,
];

/**
 * The tenants of a stack, sorted by name: base and overlay merged, defaults filled in; those that only other stacks have,
 * as their base files declare them; and all problems of their files.
 * The tenants are complete only when there is no problem.
 */
export function readTenants(args: TenantsArgs) {
  const { files, stack, settings } = args;
  const problems: Problem[] = [];
  const everywhere: ParsedTenant[] = [];
  const onStack: ParsedTenant[] = [];
  for (const [name, base] of files.base) {
    const ofFiles = baseProblems(name, base, files);
    everywhere.push(parseTenant({ name, stack, base }).tenant);
    const overlay = files.overlays.get(name);
    if (overlay !== undefined) {
      ofFiles.push(...overlayProblems(name, overlay, files));
      const parsed = parseTenant({ name, stack, base, overlay });
      onStack.push(withCommitStatus(parsed.tenant, settings));
      // A file that breaks its own form has said so already, in the words for that form.
      if (ofFiles.length === 0 && base.readable && overlay.readable) problems.push(...parsed.problems);
    }
    problems.push(...ofFiles);
  }
  for (const [name, overlay] of files.overlays) {
    if (!files.base.has(name)) problems.push(...overlayProblems(name, overlay, files));
  }
  problems.push(...checksEverywhere.flatMap((check) => check(everywhere, args)));
  problems.push(...checksOnStack.flatMap((check) => check(onStack, args)));
  const elsewhere = everywhere.filter(({ name }) => files.elsewhere.has(name) && !files.overlays.has(name));
  const sectionsOf = (tenants: readonly ParsedTenant[]) => tenants.map(({ sections }) => sections);
  return { tenants: sectionsOf(onStack), tenantsElsewhere: sectionsOf(elsewhere), problems };
}
