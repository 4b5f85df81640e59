import type { Problem } from "../../lib/diagnostics/problem.js";
import type { TenantFiles } from "../files/tenant-files.js";
import type { StackSettings } from "../stack/read-config.js";
import { accessProblems } from "./access/checks.js";
import { type ParsedTenant, parseTenant } from "./declared-tenant.js";
import { baseProblems, overlayProblems } from "./file-problems.js";
import { helmProblems } from "./helm/checks.js";
import { hostClashes } from "./hosts/clashes.js";
import { imageAutomationProblems } from "./image-automation/checks.js";
import { namespaceClashes } from "./namespaces/clashes.js";
import { podSecurityProblems } from "./namespaces/pod-security.js";
import { networkProblems } from "./network/checks.js";
import { notificationProblems } from "./notifications/checks.js";
import { addonProblems } from "./progressive-delivery/checks.js";
import { repositoryProblems } from "./repositories/checks.js";
import { repositoryClashes } from "./repositories/clashes.js";
import { robotProblems } from "./robot/checks.js";
import type { TenantSpec } from "./schema.js";
import { accountProblems } from "./service-accounts/checks.js";
import { serviceProblems } from "./services/checks.js";
import { syncProblems } from "./syncs/checks.js";
import { teamProblems } from "./team/checks.js";
import { webhookProblems } from "./webhook/checks.js";

/** The input of {@link readTenants}, and of every check between tenants and their stack. */
export interface TenantsArgs {
  readonly files: TenantFiles;
  readonly stack: string;
  readonly settings: StackSettings;
}

/**
 * The tenants of a stack, sorted by name: base and overlay merged, defaults filled in; and all problems of their files.
 * The tenants are complete only when there is no problem.
 */
export function readTenants(args: TenantsArgs): {
  readonly tenants: readonly TenantSpec[];
  readonly problems: Problem[];
} {
  const { files, stack } = args;
  const problems: Problem[] = [];
  const everywhere: ParsedTenant[] = [];
  const onStack: ParsedTenant[] = [];
  for (const [name, base] of files.base) {
    const overlay = files.overlays.get(name);
    const ofFiles = baseProblems(name, base, files);
    everywhere.push(parseTenant({ name, stack, base }).tenant);
    if (overlay !== undefined) {
      ofFiles.push(...overlayProblems(name, overlay, files));
      const parsed = parseTenant({ name, stack, base, overlay });
      onStack.push(parsed.tenant);
      // A file that breaks its own form has said so already, in the words for that form.
      if (ofFiles.length === 0 && base.readable && overlay.readable) problems.push(...parsed.problems);
    }
    problems.push(...ofFiles);
  }
  for (const [name, overlay] of files.overlays) {
    if (!files.base.has(name)) problems.push(...overlayProblems(name, overlay, files));
  }
  problems.push(...crossProblems(onStack, everywhere, args));
  return { tenants: onStack.map(({ sections }) => sections), problems };
}

/**
 * The problems between sections, between tenants, and between a tenant and its stack.
 *
 * @param everywhere every tenant with a base file, on this stack or not, as the base file declares it
 */
function crossProblems(
  onStack: readonly ParsedTenant[],
  everywhere: readonly ParsedTenant[],
  args: TenantsArgs,
): Problem[] {
  return [
    ...repositoryClashes(everywhere, args),
    ...repositoryProblems(everywhere),
    ...teamProblems(everywhere),
    ...[
      accessProblems,
      accountProblems,
      addonProblems,
      helmProblems,
      hostClashes,
      imageAutomationProblems,
      namespaceClashes,
      networkProblems,
      notificationProblems,
      podSecurityProblems,
      robotProblems,
      serviceProblems,
      syncProblems,
      webhookProblems,
    ].flatMap((problemsOf) => problemsOf(onStack, args)),
  ];
}
