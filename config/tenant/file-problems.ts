import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData } from "../../lib/diagnostics/zod-issues.js";
import { locationOf, objectIn } from "../files/location.js";
import type { TenantFiles } from "../files/tenant-files.js";
import type { YamlFile } from "../files/yaml-file.js";
import { baseOnlyFields, overlayOnlyFields } from "./forms.js";
import { tenantFile, tenantOverlay, tenantSections } from "./schema.js";

/** The problems of a base file by itself. */
export function baseProblems(name: string, base: YamlFile, files: TenantFiles): Problem[] {
  if (!base.readable) return [];
  const overlayOnly = overlayOnlyFields(tenantSections);
  const problems: Problem[] = [...checkData(tenantFile, dataWithout(base, [...overlayOnly.keys()]), base).problems];
  for (const [field, reason] of overlayOnly) {
    if (!Object.hasOwn(objectIn(base), field)) continue;
    problems.push({
      ...locationOf(base, [field]),
      message: `belongs to one stack: ${reason}`,
      fix: "Move it to the overlay of one stack",
    });
  }
  const { name: written } = objectIn(base);
  if (typeof written !== "string" || written === name) return problems;
  const other = files.base.get(written);
  problems.push({
    ...locationOf(base, ["name"]),
    message: other
      ? `${JSON.stringify(written)} is the tenant of ${other.file} already`
      : `${JSON.stringify(written)} is not the name of the file`,
    fix: `Write name: ${name}, or rename the file`,
  });
  return problems;
}

/** The problems of an overlay by itself. An empty one is sound: the tenant is on the stack as its base file has it. */
export function overlayProblems(name: string, overlay: YamlFile, files: TenantFiles): Problem[] {
  const problems: Problem[] = [];
  if (!files.base.has(name)) {
    const near = nearMatches(name, files.base.keys());
    problems.push({
      file: overlay.file,
      path: "",
      message: `there is no tenant ${name} in stacks/base/tenants to lay this over`,
      fix: didYouMean(near, `Create stacks/base/tenants/${name}.yaml, or remove this file`),
    });
  }
  if (!overlay.readable) return problems;
  const baseOnly = baseOnlyFields(tenantSections);
  problems.push(...checkData(tenantOverlay, dataWithout(overlay, [...baseOnly.keys()]), overlay).problems);
  for (const [field, thing] of baseOnly) {
    if (!Object.hasOwn(objectIn(overlay), field)) continue;
    problems.push({
      ...locationOf(overlay, [field]),
      message: `cannot differ between stacks, because a ${thing} exists once for all of them`,
      fix: `Set it in stacks/base/tenants/${name}.yaml`,
    });
  }
  const { name: written } = objectIn(overlay);
  if (typeof written === "string" && written !== name) {
    problems.push({
      ...locationOf(overlay, ["name"]),
      message: `an overlay cannot change the tenant's name from ${name} to ${JSON.stringify(written)}`,
      fix: "Remove the line",
    });
  }
  return problems;
}

/** The data of a file without fields that get a problem of their own. */
function dataWithout({ data }: YamlFile, fields: readonly string[]): unknown {
  if (!isPlainObject(data)) return data ?? {};
  const rest: PlainObject = Object.fromEntries(Object.entries(data).filter(([field]) => !fields.includes(field)));
  return rest;
}
