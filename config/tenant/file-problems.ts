import type { z } from "zod";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData } from "../../lib/diagnostics/zod-issues.js";
import { locationOf, objectIn } from "../files/location.js";
import type { TenantFiles } from "../files/tenant-files.js";
import type { YamlFile } from "../files/yaml-file.js";
import { otherName } from "./declared-tenant.js";
import { fieldsOnlyIn } from "./forms.js";
import { removalProblems } from "./overlay-nulls.js";
import { tenantFile, tenantOverlay, tenantSections } from "./schema.js";

type Fault = readonly [field: string, message: string, fix: string];

/** The problems of a base file by itself. */
export function baseProblems(name: string, base: YamlFile, files: TenantFiles): Problem[] {
  const misplaced = fieldsOnlyIn("overlay", tenantSections).map(
    ([field, reason]): Fault => [field, `belongs to one stack: ${reason}`, "Move it to the overlay of one stack"],
  );
  return formProblems(name, base, tenantFile, misplaced, (written) => {
    const other = files.base.get(written);
    const fault = other ? `is the tenant of ${other.file} already` : "is not the name of the file";
    return ["name", `${JSON.stringify(written)} ${fault}`, `Write name: ${name}, or rename the file`];
  });
}

/** The problems of an overlay by itself. An empty one is sound: the tenant is on the stack as its base file has it. */
export function overlayProblems(name: string, overlay: YamlFile, files: TenantFiles): Problem[] {
  const base = `stacks/base/tenants/${name}.yaml`;
  const misplaced = fieldsOnlyIn("base", tenantSections).map(([field, thing]): Fault => {
    return [field, `cannot differ between stacks, because a ${thing} exists once for all of them`, `Set it in ${base}`];
  });
  const problems = formProblems(name, overlay, tenantOverlay, misplaced, (written) => {
    const message = `an overlay cannot change the tenant's name from ${name} to ${JSON.stringify(written)}`;
    return ["name", message, "Remove the line"];
  });
  const declared = files.base.get(name);
  if (declared !== undefined) return [...problems, ...removalProblems(tenantSections, declared, overlay)];
  const message = `there is no tenant ${name} in stacks/base/tenants to lay this over`;
  const fix = otherName(name, files.base.keys(), `Create ${base}, or remove this file`);
  return [...problems, { file: overlay.file, path: "", message, fix }];
}

/** The problems of a file's form. A field that only the other file can have gets a problem of its own. */
function formProblems(
  tenant: string,
  file: YamlFile,
  form: z.ZodType,
  misplaced: readonly Fault[],
  otherNameFault: (written: string) => Fault,
): Problem[] {
  if (!file.readable) return [];
  const declared = objectIn(file);
  const { name } = declared;
  const faults = misplaced.filter(([field]) => Object.hasOwn(declared, field));
  const rest = Object.entries(declared).filter(([key]) => !faults.some(([field]) => field === key));
  const data = isPlainObject(file.data) ? Object.fromEntries(rest) : (file.data ?? {});
  if (typeof name === "string" && name !== tenant) faults.push(otherNameFault(name));
  const located = faults.map(([field, message, fix]) => ({ ...locationOf(file, [field]), message, fix }));
  const blanks = file.blanks
    .map((place) => ({ ...locationOf(file, place), ...blank }))
    .filter(({ path }) => !located.some((one) => one.path === path));
  const inForm = checkData(form, data, file).problems.filter(({ path }) => !blanks.some((one) => one.path === path));
  return [...inForm, ...blanks, ...located];
}

/** In an overlay, null takes a value back to its default; a key whose lines were taken out must not do that by accident. */
const blank = {
  message: "has no value",
  fix: "Give it one, or remove the key; in an overlay, null goes back to the default",
};
