import type { Catalogue } from "./catalogue.js";
import { tenantDefaults } from "./defaults.js";
import { checkData } from "./issues.js";
import { type Member, objectIn, placed, textAt, valueAt } from "./member.js";
import { isPlainObject, mergeOverlay, type PlainObject, type PlainValue } from "./merge.js";
import { TENANT_TEMPLATE_REPOSITORY, tenantNamespace } from "./names.js";
import { didYouMean, nearMatches } from "./near-match.js";
import { networkProblems } from "./network-problems.js";
import type { Problem } from "./problems.js";
import { type TenantSpec, tenantFile, tenantOverlay, tenantSpec } from "./schema.js";
import { isSizeName, SIZES } from "./sizes.js";
import type { YamlFile } from "./yaml-file.js";

/** What is asked of a catalogue. */
export interface TenantsArgs {
  readonly catalogue: Catalogue;
  readonly stack: string;
  /** Name of the platform's repository, which no tenant can have; undefined when it is itself wrong. */
  readonly platformRepository: string | undefined;
  /** Namespaces that a tenant may let in; undefined when they are themselves wrong. */
  readonly ingressNamespaces: readonly string[] | undefined;
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
  problems.push(...networkProblems({ members, ...args }));
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
  const { name, stack, base, overlay } = args;
  // Defaults go under everything last: what an overlay takes back from the base is then as if it had never been said.
  const said = mergeOverlay(objectIn(base), objectIn(overlay));
  return mergeOverlay(defaultTenant(name, stack, valueAt(said, ["limits", "size"])), said);
}

/**
 * What holds for a tenant whose files say nothing but its name, and perhaps a size.
 *
 * @param size what the files say about it @default "small"
 */
export function defaultTenant(name: string, stack: string, size?: PlainValue): PlainObject {
  const known = isSizeName(size) ? size : tenantDefaults.size;
  const { visibility, defaultBranch, interval, retryInterval, timeout, suspend } = tenantDefaults;
  return {
    name,
    description: `Deployments of the tenant ${name}`,
    repository: { name, visibility, defaultBranch },
    namespace: { name, labels: {}, annotations: {} },
    limits: { size: known, ...SIZES[known] },
    network: { ingress: [], egress: [], tenants: [], allowFrom: [] },
    sync: { path: `./deploy/${stack}`, interval, retryInterval, timeout, suspend },
  };
}

function baseProblems(name: string, base: YamlFile, catalogue: Catalogue): Problem[] {
  if (!base.readable) return [];
  const problems = [...checkData(tenantFile, base.data ?? {}, base).problems];
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

/** What an overlay may not say although a base file may, because it would not hold on one stack only. */
const baseOnly = ["description", "repository"] as const;

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
  const own = isPlainObject(said) ? without(said, baseOnly) : said;
  problems.push(...checkData(tenantOverlay, own, overlay).problems);
  for (const field of baseOnly) {
    if (!isPlainObject(said) || !Object.hasOwn(said, field)) continue;
    problems.push({
      ...placed(overlay, [field]),
      message: "cannot differ between stacks, because a repository exists once for all of them",
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

/** Repositories exist once for all stacks, so every base file counts, whether this stack uses it or not. */
function repositoryClashes(catalogue: Catalogue, platformRepository: string | undefined): Problem[] {
  // GitHub's names differ by more than case.
  const takenBy = new Map([[TENANT_TEMPLATE_REPOSITORY, "the template of all tenants' repositories"]]);
  if (platformRepository !== undefined) takenBy.set(platformRepository.toLowerCase(), "the platform's own repository");
  return [...catalogue.base].flatMap(([name, base]) => {
    if (!base.readable) return [];
    const repository = textAt(base, ["repository", "name"]) ?? name;
    const owner = takenBy.get(repository.toLowerCase());
    if (owner === undefined) {
      takenBy.set(repository.toLowerCase(), `the repository of ${name} (${base.file})`);
      return [];
    }
    const message = `${JSON.stringify(repository)} is ${owner} already`;
    return [{ ...placed(base, ["repository", "name"]), message, fix: "Give each tenant a repository of its own" }];
  });
}

function namespaceClashes(members: readonly Member[]): Problem[] {
  const takenBy = new Map<string, Member>();
  return members.flatMap((member) => {
    const where = [member.overlay, member.base].find((file) => textAt(file, ["namespace", "name"]) !== undefined);
    const namespace = valueAt(member.merged, ["namespace", "name"]);
    if (typeof namespace !== "string") return [];
    const place = placed(where ?? member.base, ["namespace", "name"]);
    // A name that is written down has been checked where it is written; one that follows from the tenant's has not.
    const violation = where ? undefined : tenantNamespace.check(namespace);
    if (violation) {
      const fix = "Set namespace.name to another name";
      return [
        {
          ...place,
          message: `the tenant's name is also its namespace's, and ${JSON.stringify(namespace)} ${violation.message}`,
          fix,
        },
      ];
    }
    const other = takenBy.get(namespace);
    if (!other) {
      takenBy.set(namespace, member);
      return [];
    }
    const message = `${JSON.stringify(namespace)} is the namespace of ${other.name} (${other.base.file}) already`;
    return [{ ...place, message, fix: "Give each tenant a namespace of its own" }];
  });
}

function without(object: PlainObject, keys: readonly string[]): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
