import { definedOnly } from "../../lib/data/defined-only.js";
import { isPlainObject } from "../../lib/data/merge.js";
import type { DeclaringFiles } from "./location.js";
import type { TenantFiles } from "./tenant-files.js";
import type { YamlFile } from "./yaml-file.js";

/** Name of the group that a base file names. Undefined where it names none, or not as a text. */
export function groupOf({ data }: YamlFile): string | undefined {
  return isPlainObject(data) && typeof data.group === "string" ? data.group : undefined;
}

/** The files that declare a tenant on every stack: its base file, and the group that it names. */
export function declaringFilesEverywhere(files: TenantFiles, name: string): DeclaringFiles | undefined {
  const base = files.base.get(name);
  return base && { name, base, ...definedOnly({ group: files.groups.get(groupOf(base) ?? "") }) };
}

/** The files that declare a tenant on the stack that was read. Undefined for a tenant without a base file. */
export function declaringFiles(files: TenantFiles, name: string): DeclaringFiles | undefined {
  const everywhere = declaringFilesEverywhere(files, name);
  const overlay = files.overlays.get(name);
  // Without an overlay, the tenant is not on the stack, and its defaults do not apply.
  return everywhere && { ...everywhere, ...(overlay && { overlay, ...definedOnly({ defaults: files.defaults }) }) };
}
