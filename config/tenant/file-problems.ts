import type { z } from "zod";
import { isPlainObject } from "../../lib/data/merge.js";
import { withoutPlace } from "../../lib/data/without-place.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData, type Path } from "../../lib/diagnostics/zod-issues.js";
import { groupOf } from "../files/declaring-files.js";
import { type Layer, locationOf, objectIn, valueAt } from "../files/location.js";
import { groupsDirectory } from "../files/shared-files.js";
import type { TenantFiles } from "../files/tenant-files.js";
import type { YamlFile } from "../files/yaml-file.js";
import { DEFAULTS_FILE } from "../names.js";
import { dnsLabel } from "../rules/names.js";
import { otherName } from "./declared-tenant.js";
import { type MisplacedField, misplacedFields } from "./forms.js";
import { defaultsFile, groupFile, tenantFile, tenantFileInGroup, tenantOverlay, tenantSections } from "./schema.js";

type Fault = readonly [place: Path, message: string, fix: string];

/** The problems of a base file by itself, and of the group that it names. */
export function baseProblems(name: string, base: YamlFile, files: TenantFiles): Problem[] {
  const group = groupOf(base);
  const form = group === undefined ? tenantFile : tenantFileInGroup;
  const problems = formProblems(
    base,
    form,
    "base",
    nameFaults(base, name, (written) => {
      const other = files.base.get(written);
      const fault = other ? `is the tenant of ${other.file} already` : "is not the name of the file";
      return [`${JSON.stringify(written)} ${fault}`, `Write name: ${name}, or rename the file`];
    }),
  );
  // A name that is none is reported already, and must not become part of a path.
  if (group === undefined || files.groups.has(group) || dnsLabel.check(group)) return problems;
  const file = `${groupsDirectory}/${group}.yaml`;
  const message = `${JSON.stringify(group)} is no group: there is no ${file}`;
  return [
    ...problems,
    {
      ...locationOf(base, ["group"]),
      message,
      fix: otherName(group, files.groups.keys(), `Create ${file}, or remove the line`),
    },
  ];
}

/** The problems of an overlay by itself. An empty one is sound: the tenant is on the stack as its base file has it. */
export function overlayProblems(name: string, overlay: YamlFile, files: TenantFiles): Problem[] {
  const faults = nameFaults(overlay, name, (written) => {
    const message = `an overlay cannot change the tenant's name from ${name} to ${JSON.stringify(written)}`;
    return [message, "Remove the line"];
  });
  const problems = formProblems(overlay, tenantOverlay, "overlay", faults);
  if (files.base.has(name)) return problems;
  const message = `there is no tenant ${name} in stacks/base/tenants to lay this over`;
  const fix = otherName(name, files.base.keys(), `Create stacks/base/tenants/${name}.yaml, or remove this file`);
  return [...problems, { file: overlay.file, path: "", message, fix }];
}

/** The problems of a group's file by itself. A group without tenants reads as if it had an effect, and has none. */
export function groupProblems(name: string, group: YamlFile, files: TenantFiles): Problem[] {
  const problems = formProblems(group, groupFile, "group", []);
  if ([...files.base.values()].some((base) => !base.readable || groupOf(base) === name)) return problems;
  const message = `has no effect: no tenant of stacks/base/tenants names the group ${name}`;
  const fix = `Write group: ${name} into a base file, or remove this file`;
  return [...problems, { file: group.file, path: "", message, fix }];
}

/** The problems of a stack's defaults by themselves. */
export function defaultsProblems(defaults: YamlFile): Problem[] {
  return formProblems(defaults, defaultsFile, "defaults", []);
}

function nameFaults(file: YamlFile, tenant: string, faultOf: (written: string) => readonly [string, string]): Fault[] {
  const { name } = objectIn(file);
  return typeof name === "string" && name !== tenant ? [[["name"], ...faultOf(name)]] : [];
}

/** The problems of a file's form. A field that another file must have gets a problem of its own. */
function formProblems(file: YamlFile, form: z.ZodType, layer: Layer, faults: readonly Fault[]): Problem[] {
  if (!file.readable) return [];
  const misplaced = misplacedIn(file, layer);
  const data = isPlainObject(file.data)
    ? misplaced.reduce((rest, [place]) => withoutPlace(rest, place), file.data)
    : (file.data ?? {});
  const located = [...misplaced, ...faults].map(([place, message, fix]) => ({
    ...locationOf(file, place),
    message,
    fix,
  }));
  const blanks = file.blanks
    .map((place) => ({ ...locationOf(file, place), ...blank }))
    .filter(({ path }) => !located.some((one) => one.path === path));
  const inForm = checkData(form, data, file).problems.filter(({ path }) => !blanks.some((one) => one.path === path));
  return [...inForm, ...blanks, ...located];
}

/** A file of defaults without the fields that are one tenant's: each tenant would have them, with problems of its own. */
export function withoutMisplaced(file: YamlFile, layer: Layer): YamlFile {
  const data = misplacedIn(file, layer).reduce((rest, [place]) => withoutPlace(rest, place), objectIn(file));
  return isPlainObject(file.data) ? { ...file, data } : file;
}

/** The fields of a file that only other files can have. */
function misplacedIn(file: YamlFile, layer: Layer): Fault[] {
  const data = objectIn(file);
  const keysAt = (place: Path) => {
    const map = valueAt(data, place);
    return isPlainObject(map) ? Object.keys(map) : [];
  };
  return misplacedFields(tenantSections, layer, keysAt)
    .filter(({ place }) => valueAt(data, place) !== undefined)
    .map((field) => [field.place, ...misplacedFault(field, file)]);
}

function misplacedFault({ only, why }: MisplacedField, { file }: YamlFile): readonly [message: string, fix: string] {
  switch (only) {
    case "tenant":
      return [`cannot be a default of several tenants, because ${why}`, "Set it in the tenant's own file"];
    case "overlay":
      return [`belongs to one stack: ${why}`, "Move it to the overlay of one stack"];
    case "base": {
      const base = file.replace(/^stacks\/[^/]+\/tenants\//, "stacks/base/tenants/");
      const place = file.endsWith(`/${DEFAULTS_FILE}`) ? `${groupsDirectory}/NAME.yaml, or in base files` : base;
      return [`cannot differ between stacks, because a ${why} exists once for all of them`, `Set it in ${place}`];
    }
  }
}

/** In an overlay, null takes a value back to its default; a key whose lines were taken out must not do that by accident. */
const blank = {
  message: "has no value",
  fix: "Give it one, or remove the key; in an overlay, null goes back to the default",
};
