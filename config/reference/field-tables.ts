import { z } from "zod";
import { CONTROLLERS } from "../stack/controllers.js";
import { stackConfig } from "../stack/schema.js";
import { misplacedFields } from "../tenant/forms.js";
import { SIZE_NAMES, SIZES } from "../tenant/limits/sizes.js";
import { tenantFile, tenantOverlay, tenantSections } from "../tenant/schema.js";
import { addonTable, ruleTable } from "./addon-tables.js";
import { fieldTable } from "./field-rows.js";

/** Path of the document that has the reference of a tenant file's fields. */
export const REFERENCE_DOCUMENT = "docs/tenants.md";

/**
 * The generated tables of each document, by its path and by their names: they stand between the marks
 * `<!-- NAME: written by npm run schema -->` and `<!-- /NAME -->`.
 */
export const REFERENCE_TABLES: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  [REFERENCE_DOCUMENT]: { fields: tenantTable, sizes: sizeTable },
  "docs/tenants/overlays-and-checks.md": { "refused defaults": refusedDefaultsTable },
  "docs/settings.md": { settings: settingsTable },
  "docs/addons.md": { addons: addonTable, "field rules": ruleTable },
};

/**
 * A document with its tables generated anew.
 * @param file path of the document, one of {@link REFERENCE_TABLES}
 * @throws Error when the document lacks the marks of a table
 */
export function withReferenceTables(file: string, document: string): string {
  return Object.entries(REFERENCE_TABLES[file] ?? {}).reduce((text, [name, write]) => {
    const [start, end] = [`<!-- ${name}: written by npm run schema -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${file} lacks the lines ${start} and ${end}`);
    return `${text.slice(0, from + start.length)}\n\n${write()}\n${text.slice(to)}`;
  }, document);
}

/** The JSON Schema of a file. Draft 7 is the newest that the common YAML language server understands in full. */
export function jsonSchemaOf(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, {
    target: "draft-07",
    io: "input",
    // Zod leaves them out where a value is converted, as from a number to a text.
    override({ zodSchema, jsonSchema }) {
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
}

function tenantTable(): string {
  const [base, overlay] = [tenantFile, tenantOverlay].map(jsonSchemaOf);
  // An overlay has the fields of a base file, and some that only it can have.
  return fieldTable({ ...base, properties: { ...base?.properties, ...overlay?.properties, ...base?.properties } });
}

/** The fields that a group's or a stack's defaults cannot set. */
function refusedDefaultsTable(): string {
  const [group, defaults] = (["group", "defaults"] as const).map((layer) => {
    const fields = misplacedFields(tenantSections, layer, () => ["NAME"]);
    return new Map(fields.map(({ place, only, why }) => [place.join("."), only === "base" ? onceForAll(why) : why]));
  });
  const rows = [...new Map([...(defaults ?? []), ...(group ?? [])])].sort().map(([field, why]) => {
    const takes = (fields: typeof group) => (isRefused(field, fields ?? new Map()) ? "no" : "yes");
    return `| \`${field}\` | ${takes(group)} | ${takes(defaults)} | ${why} |\n`;
  });
  return `| Field | Groups | Stack defaults | Reason |\n|---|---|---|---|\n${rows.join("")}`;
}

/** Whether a field, or one around it, is among refused ones. */
function isRefused(field: string, refused: ReadonlyMap<string, string>): boolean {
  return [...refused.keys()].some((other) => `${field}.`.startsWith(`${other}.`));
}

function onceForAll(thing: string): string {
  return `a ${thing} exists once for all stacks`;
}

function sizeTable(): string {
  const rows = Object.keys(SIZES.small).map((amount) => {
    const cells = SIZE_NAMES.map((size) => Object.entries(SIZES[size]).find(([name]) => name === amount)?.[1]);
    return `| \`${amount}\` | ${cells.join(" | ")} |\n`;
  });
  return `| | ${SIZE_NAMES.join(" | ")} |\n|---|${"---|".repeat(SIZE_NAMES.length)}\n${rows.join("")}`;
}

/** All controllers have the same fields, so the table has those of one, as for the entries of a map. */
function settingsTable(): string {
  const { properties: { controllers, ...properties } = {}, ...schema } = jsonSchemaOf(stackConfig);
  if (typeof controllers !== "object") throw new Error("the settings have no controllers");
  const { properties: { [CONTROLLERS[0]]: additionalProperties = false } = {}, ...map } = controllers;
  const controllersMap = { ...map, default: {}, additionalProperties };
  return fieldTable({ ...schema, properties: { ...properties, controllers: controllersMap } }, "fleet:");
}
