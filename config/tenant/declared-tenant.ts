import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { type DeclaringFiles, definingFile, locationIn } from "../files/location.js";
import type { TenantFiles } from "../files/tenant-files.js";
import type { StackSettings } from "../stack/read-config.js";
import type { TenantSpec, tenantSections } from "./schema.js";

type Section = keyof typeof tenantSections.shape;

interface Listed {
  readonly namespace: "namespaces";
  readonly limits: "namespaces";
  readonly repository: "repositories";
  readonly sync: "syncs";
}

type PropertyOf<Read extends Section> = Read extends keyof Listed ? Listed[Read] : Extract<Read, keyof TenantSpec>;

/** A tenant as its files declare it, of which some sections may break the schema. */
export interface ParsedTenant extends DeclaringFiles {
  /**
   * All sections, complete, with a default in place of each part that breaks the schema: for checks that look at each
   * part by itself. Others take {@link having}.
   */
  readonly sections: TenantSpec;
  /** The sections that break the schema, or in which nothing could be read. */
  readonly broken: ReadonlySet<string>;
}

/** A tenant with the sections that a check reads. */
export interface DeclaredTenant<Read extends Section = never> extends DeclaringFiles {
  readonly spec: Pick<TenantSpec, PropertyOf<Read>>;
}

/**
 * The tenants of which none of these sections breaks the schema: for checks that a default in place of a broken part
 * would mislead. The problems of a broken section are reported already; they hide those of no other section or tenant.
 */
export function having<Read extends Section>(
  tenants: readonly ParsedTenant[],
  ...sections: readonly Read[]
): DeclaredTenant<Read>[] {
  return tenants
    .filter(({ broken }) => !sections.some((section) => broken.has(section)))
    .map(({ sections: spec, ...tenant }) => ({ ...tenant, spec }));
}

/** The input of the checks of tenants. */
export interface TenantsArgs {
  readonly files: TenantFiles;
  readonly stack: string;
  readonly settings: StackSettings;
  /** Whether syncs may leave out the revisions that they follow. @default false */
  readonly allowUnpinned?: boolean | undefined;
}

/** A check between sections, between tenants, or between tenants and their stack. */
export type TenantCheck = (tenants: readonly ParsedTenant[], args: TenantsArgs) => Problem[];

/** A problem at a place of a tenant, in the file whose value counts: a list is replaced as a whole. */
export function problemAt(files: DeclaringFiles, place: Path, message: string, fix: string): Problem {
  return { ...locationIn(files, definingFile(files, place), place), message, fix };
}

/** The fix for a name that is none of the known ones. */
export function otherName(name: string, known: Iterable<string>, otherwise: string): string {
  return didYouMean(nearMatches(name, known), otherwise);
}

/** The problem of a name that is none of the known ones. @param fault.message to be read after the name */
export function unknownName(
  files: DeclaringFiles,
  place: Path,
  name: string,
  fault: { readonly known: readonly string[]; readonly message: string; readonly otherwise?: string },
): Problem[] {
  const { known, message, otherwise = `Name one of: ${known.join(", ")}` } = fault;
  if (known.includes(name)) return [];
  return [problemAt(files, place, `${JSON.stringify(name)} ${message}`, otherName(name, known, otherwise))];
}

/** The items that have the same key as an earlier one, each with the first that has it. */
export function repeats<Item>(items: readonly Item[], keyOf: (item: Item) => string): (readonly [Item, Item])[] {
  const known = new Map<string, Item>();
  return items.flatMap((item) => {
    const first = known.get(keyOf(item));
    if (first !== undefined) return [[item, first] as const];
    known.set(keyOf(item), item);
    return [];
  });
}

interface Claim {
  readonly tenant: DeclaredTenant;
  readonly place: Path;
  readonly name: string;
  /** Whether others that share it can have it too. @default false */
  readonly shared?: boolean;
}

/**
 * The claims to names that another tenant, or the platform, has already.
 * @param kind.message to be read before the tenant: `is the team of`
 * @param kind.reserved names of the platform, in lower case, each with such a message @default - none
 */
export function clashes(
  claims: readonly Claim[],
  kind: { readonly message: string; readonly fix: string; readonly reserved?: ReadonlyMap<string, string> },
): Problem[] {
  const firstClaims = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const { tenant, place, name } = claim;
    // GitHub's names differ by more than case, and those of Kubernetes have no capitals.
    const key = name.toLowerCase();
    const first = firstClaims.get(key);
    if (first === undefined) firstClaims.set(key, claim);
    const isShared = claim.shared === true && first?.shared === true;
    const taken =
      first === undefined || isShared ? undefined : `${kind.message} ${first.tenant.name} (${first.tenant.base.file})`;
    const message = kind.reserved?.get(key) ?? taken;
    if (message === undefined) return [];
    return [problemAt(tenant, place, `${JSON.stringify(name)} ${message} already`, kind.fix)];
  });
}
