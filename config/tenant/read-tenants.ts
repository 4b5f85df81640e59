import { isPlainObject, mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData } from "../../lib/diagnostics/zod-issues.js";
import { type Member, objectIn, placed, textAt } from "../files/declared-tenant.js";
import type { Catalogue } from "../files/tenant-files.js";
import type { YamlFile } from "../files/yaml-file.js";
import type { SecretNames } from "../stack/secrets.js";
import { accessProblems } from "./access/checks.js";
import { withDefaults } from "./fill-defaults.js";
import { helmProblems } from "./helm/checks.js";
import { hostClashes } from "./hosts/clashes.js";
import { imageAutomationInBase, imageAutomationProblems } from "./image-automation/checks.js";
import { namespaceClashes } from "./namespaces/clashes.js";
import { podSecurityProblems } from "./namespaces/pod-security.js";
import type { PodSecurityLevel } from "./namespaces/schema.js";
import { networkProblems } from "./network/checks.js";
import { notificationProblems } from "./notifications/checks.js";
import { offerProblems } from "./progressive-delivery/checks.js";
import { repositoryProblems } from "./repositories/checks.js";
import { repositoryClashes } from "./repositories/clashes.js";
import { robotProblems } from "./robot/checks.js";
import { type TenantSpec, tenantFile, tenantOverlay, tenantSpec } from "./schema.js";
import { accountProblems } from "./service-accounts/checks.js";
import { serviceProblems } from "./services/checks.js";
import { syncProblems } from "./syncs/checks.js";
import { teamProblems } from "./team/checks.js";
import { webhookProblems } from "./webhook/checks.js";

/** What is asked of a catalogue. */
export interface TenantsArgs {
  readonly catalogue: Catalogue;
  readonly stack: string;
  /** Name of the platform's repository, which no tenant can have; undefined when it is itself wrong. */
  readonly platformRepository: string | undefined;
  /** Namespaces that a tenant may let in; undefined when they are themselves wrong. */
  readonly ingressNamespaces: readonly string[] | undefined;
  /** Services of the platform that a tenant may import; undefined when they are themselves wrong. */
  readonly platformExports: PlainObject | undefined;
  /** Annotations of clouds' identities that the stack adds; undefined when they are themselves wrong. */
  readonly identityAnnotations: readonly string[] | undefined;
  /** What the stack's infrastructure has for tenants; undefined when it is itself wrong. */
  readonly offers: readonly string[] | undefined;
  /** Lowest level of Pod Security that a tenant may ask for; undefined when it is itself wrong. */
  readonly podSecurityFloor: PodSecurityLevel | undefined;
  /** Controllers that the stack has beside the usual ones; undefined when the list is itself wrong. */
  readonly extraComponents: readonly string[] | undefined;
  /** Secrets that tenants' files may refer to; undefined when they are themselves wrong. */
  readonly secrets: SecretNames | undefined;
  /** Whether the stack has an address for webhooks, be it a wrong one. */
  readonly webhookUrl: boolean;
  /** Host of that address; undefined when there is none. */
  readonly webhookHost: string | undefined;
  /** ClusterRoles that a tenant may give to groups; undefined when they are themselves wrong. */
  readonly allowedRoles: readonly string[] | undefined;
}

/**
 * The tenants of a stack, sorted by name: base and overlay merged, defaults filled in; and everything that is wrong
 * with their files. The tenants are complete only when nothing is.
 */
export function readTenants(args: TenantsArgs): {
  readonly tenants: readonly TenantSpec[];
  readonly problems: Problem[];
} {
  const { catalogue, stack } = args;
  const problems: Problem[] = [];
  const members: Member[] = [];
  for (const [name, base] of catalogue.base) problems.push(...baseProblems(name, base, catalogue));
  for (const [name, overlay] of catalogue.overlays) {
    const base = catalogue.base.get(name);
    problems.push(...overlayProblems(name, overlay, base, catalogue));
    if (base) members.push({ name, base, overlay, merged: mergeTenant({ name, stack, base, overlay }) });
  }
  problems.push(...repositoryClashes(catalogue, args.platformRepository), ...namespaceClashes(members));
  problems.push(...repositoryProblems(catalogue), ...teamProblems(catalogue), ...accessProblems(members, args));
  problems.push(...networkProblems({ members, ...args }), ...serviceProblems({ members, ...args }));
  problems.push(...hostClashes({ members, ...args }));
  problems.push(...accountProblems(members, args), ...offerProblems(members, args));
  problems.push(...podSecurityProblems(members, args), ...members.flatMap(syncProblems));
  problems.push(
    ...members.flatMap((member) => imageAutomationProblems(member, args)),
    ...members.flatMap(helmProblems),
  );
  problems.push(...notificationProblems(members, args), ...webhookProblems(members, args), ...robotProblems(members));
  if (problems.length > 0) return { tenants: [], problems };

  const tenants: TenantSpec[] = [];
  for (const { merged, overlay } of members) {
    const checked = checkData(tenantSpec, merged, overlay);
    if ("value" in checked) tenants.push(checked.value);
    problems.push(...checked.problems);
  }
  return { tenants, problems };
}

function mergeTenant(args: { name: string; stack: string; base: YamlFile; overlay: YamlFile }): PlainObject {
  const { base, overlay } = args;
  // Defaults go under everything last: what an overlay takes back from the base is then as if it had never been said.
  return withDefaults(args.name, args.stack, mergeOverlay(objectIn(base), objectIn(overlay)));
}

function baseProblems(name: string, base: YamlFile, catalogue: Catalogue): Problem[] {
  if (!base.readable) return [];
  const said = base.data ?? {};
  const own = isPlainObject(said) ? without(said, overlayOnly) : said;
  const problems = [...checkData(tenantFile, own, base).problems, ...imageAutomationInBase(base)];
  const written = textAt(base, ["name"]);
  if (written === undefined || written === name) return problems;
  const other = catalogue.base.get(written);
  problems.push({
    ...placed(base, ["name"]),
    message: other
      ? `${JSON.stringify(written)} is the tenant of ${other.file} already`
      : `${JSON.stringify(written)} is not the name of the file`,
    fix: `Write name: ${name}, or rename the file`,
  });
  return problems;
}

/** What a base file may not say although an overlay may, because it would hold on all stacks at once. */
const overlayOnly = ["imageAutomation"] as const;

/** What an overlay may not say although a base file may, because it would not hold on one stack only. */
const baseOnly = { description: "repository", team: "team", repository: "repository", repositories: "repository" };

function overlayProblems(name: string, overlay: YamlFile, base: YamlFile | undefined, catalogue: Catalogue): Problem[] {
  const problems: Problem[] = [];
  if (!base) {
    const near = nearMatches(name, catalogue.base.keys());
    problems.push({
      file: overlay.file,
      path: "",
      message: `there is no tenant ${name} in stacks/base/tenants to lay this over`,
      fix: didYouMean(near, `Create stacks/base/tenants/${name}.yaml, or remove this file`),
    });
  }
  if (!overlay.readable) return problems;
  // An empty overlay is how a tenant joins a stack as it is.
  const said = overlay.data ?? {};
  const own = isPlainObject(said) ? without(said, Object.keys(baseOnly)) : said;
  problems.push(...checkData(tenantOverlay, own, overlay).problems);
  for (const [field, thing] of Object.entries(baseOnly)) {
    if (!isPlainObject(said) || !Object.hasOwn(said, field)) continue;
    problems.push({
      ...placed(overlay, [field]),
      message: `cannot differ between stacks, because a ${thing} exists once for all of them`,
      fix: `Set it in stacks/base/tenants/${name}.yaml`,
    });
  }
  const written = textAt(overlay, ["name"]);
  if (written !== undefined && written !== name) {
    problems.push({
      ...placed(overlay, ["name"]),
      message: `an overlay cannot change the tenant's name from ${name} to ${JSON.stringify(written)}`,
      fix: "Remove the line",
    });
  }
  return problems;
}

function without(object: PlainObject, keys: readonly string[]): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
