import { createHash } from "node:crypto";
import { type DeclaringFiles, decidingLayer, declares, layersOf, objectIn, valueAt } from "../config/files/location.js";
import type { YamlFile } from "../config/files/yaml-file.js";
import { decidingField } from "../config/tenant/origins.js";
import { mergedData } from "../config/tenant/parse-tenant.js";
import { completeTenant, tenantSections } from "../config/tenant/schema.js";
import { leavesOf, tenantForm } from "../config/tenant/tenant-form.js";
import { canonicalJson } from "../flux/release/manifest-digest.js";
import { isPlainObject } from "../lib/data/merge.js";
import { formatPath, parsePath } from "../lib/diagnostics/zod-issues.js";
import { WHOLE_TENANT } from "./field-record.js";

/** A field that a base file or a group sets or resets for all stacks, with the place where it does. */
export interface SharedField {
  /** Place of the field: `limits.cpu`. */
  readonly name: string;
  readonly file: string;
  readonly line?: number | undefined;
}

/** A tenant on one stack, all its files merged. */
export interface MergedTenant {
  /**
   * The fields on which a base file or a group decides, also those that the stack's own files replace, and those whose
   * default follows from such a field: `limits.cpu` from `limits.size`.
   */
  readonly shared: readonly SharedField[];
  /** A digest of the value of a field on the stack, or of {@link WHOLE_TENANT}. Of a map, only its presence counts. */
  digestAt(name: string): string;
  /** Whether the stack's own defaults or overlay decide on a field. */
  isOwn(name: string): boolean;
}

/**
 * Stands for the stack in defaults that follow from its name, as the folder of a sync does: the predecessor has run such a
 * default, under its own name. No folder that a file names has this character.
 */
const EVERY_STACK = "\\";

/**
 * Merges the files of a tenant on a stack.
 * @param files files without problems
 */
export function mergedTenant(files: DeclaringFiles): MergedTenant {
  const { overlay, defaults, ...everywhere } = files;
  const data = { ...mergedData(files), name: files.name };
  const form = tenantForm(completeTenant(EVERY_STACK, tenantSections.parse(data)));
  // The merged data has no entry of a map any more that a base file takes away with null.
  const written = [mergedData(everywhere), ...layersOf(everywhere).map(([, file]) => objectIn(file))];
  const places = [form, ...written].flatMap((data) => leavesOf(data)).map(([place]) => place);
  const shared = new Map(
    places.flatMap((place): [string, SharedField][] => {
      const [first] = decidersOf(everywhere, place);
      if (first === undefined) return [];
      const { file, lineOf } = first.file;
      return [[formatPath(place), { name: formatPath(place), file, line: lineOf(first.place) }]];
    }),
  );
  return {
    shared: [...shared.values()],
    digestAt: (name) => {
      if (name === WHOLE_TENANT) return digestOf(form);
      // The fields of a map are fields of their own.
      const value = valueAt(form, parsePath(name));
      return isPlainObject(value) ? digestOf({}) : digestOf(value);
    },
    isOwn: (name) => {
      const deciders = decidersOf(files, parsePath(name).map(String));
      return deciders.some(({ file }) => file === overlay || file === defaults);
    },
  };
}

/** A file that decides on a field, and the place where it does. */
interface Decider {
  readonly file: YamlFile;
  readonly place: readonly string[];
}

/** The file that has a value or null at a place, and after null, or without any, that of the field by which a default follows. */
function decidersOf(files: DeclaringFiles, place: readonly string[]): readonly Decider[] {
  const layer = decidingLayer(files, place);
  const file = layer && files[layer];
  const own = file === undefined ? [] : [{ file, place }];
  const field = file !== undefined && declares(file, place) ? undefined : decidingField(place);
  return field === undefined ? own : [...own, ...decidersOf(files, field)];
}

/** The first 132 bits of the SHA-256 of a value. A field that a tenant does not have has a digest of its own. */
function digestOf(value: unknown): string {
  const text = value === undefined ? "absent" : canonicalJson(value);
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
