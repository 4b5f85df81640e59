import type { z } from "zod";
import { isPlainObject, mergeOverlay, type PlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData, type Path } from "../../lib/diagnostics/zod-issues.js";
import { type DeclaringFiles, declaredLocation, objectIn, valueAt } from "../files/location.js";
import { completeTenant, type TenantSpec, tenantSections } from "./schema.js";

/** Name of a section of a tenant's files. */
export type Section = keyof typeof tenantSections.shape;

/** The sections of the files that are parts of one list in the spec. */
interface Listed {
  readonly namespace: "namespaces";
  readonly limits: "namespaces";
  readonly repository: "repositories";
  readonly sync: "syncs";
}

/** The property of the spec that a section of the files becomes. */
type PropertyOf<Read extends Section> = Read extends keyof Listed ? Listed[Read] : Extract<Read, keyof TenantSpec>;

/** A tenant as its files declare it, of which some sections may break the schema. */
export interface ParsedTenant extends DeclaringFiles {
  readonly name: string;
  /**
   * All sections, complete, with a default in place of each part that breaks the schema: for checks that look at each
   * part by itself. Others take {@link having}.
   */
  readonly sections: TenantSpec;
  /** The sections that break the schema, or in which nothing could be read. */
  readonly broken: ReadonlySet<string>;
}

/** A tenant with the sections that a check reads. */
export interface DeclaredTenant<Read extends Section> extends DeclaringFiles {
  readonly name: string;
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

/**
 * Merges the files of a tenant, checks the result and fills in the defaults.
 *
 * @returns the tenant, and the problems of the merged files; a problem of one file alone is among them
 */
export function parseTenant(args: DeclaringFiles & { readonly name: string; readonly stack: string }): {
  readonly tenant: ParsedTenant;
  readonly problems: readonly Problem[];
} {
  const { name, stack, ...files } = args;
  const { base, overlay } = files;
  // Defaults are filled in last: a value of the base file that the overlay resets counts as never declared.
  const merged = mergeOverlay(objectIn(base), overlay === undefined ? {} : objectIn(overlay));
  const declared = { ...merged, name };
  const isReadable = base.readable && overlay?.readable !== false;
  const issues = tenantSections.safeParse(declared).error?.issues ?? [];
  const broken = new Set(isReadable ? issues.map(({ path }) => String(path[0])) : Object.keys(tenantSections.shape));
  const source = { file: base.file, locate: (place: Path) => declaredLocation(files, place) };
  return {
    tenant: { ...files, name, sections: completeTenant(stack, soundParts(declared)), broken },
    problems: checkData(tenantSections, declared, source).problems,
  };
}

/** The parts that pass the schema; a map of which a required part does not is left out with it. */
function soundParts(declared: PlainObject): z.output<typeof tenantSections> {
  const parsed = tenantSections.safeParse(declared);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  return soundParts(places.map((place) => writtenPart(declared, place)).reduce(without, declared));
}

/**
 * The innermost part around a place that is written: of a field that is missing, the map that lacks it. A list counts as
 * a whole, for without an item the others would have other places.
 */
function writtenPart(declared: PlainObject, place: Path): Path {
  const index = place.findIndex((step) => typeof step === "number");
  if (index >= 0) return writtenPart(declared, place.slice(0, index));
  return valueAt(declared, place) === undefined ? writtenPart(declared, place.slice(0, -1)) : place;
}

function without(object: PlainObject, [step, ...rest]: Path): PlainObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (key !== step) return [[key, value]];
      return rest.length > 0 && isPlainObject(value) ? [[key, without(value, rest)]] : [];
    }),
  );
}
