import { z } from "zod";
import { SIZE_NAMES, SIZES } from "../tenant/limits/sizes.js";
import { tenantFile, tenantOverlay } from "../tenant/schema.js";

/** Path of the document that has the reference of a tenant file's fields. */
export const REFERENCE_DOCUMENT = "docs/tenants.md";

/** Tables of the document, each between two marks. */
const tables = [
  { start: "<!-- fields: written by npm run schema -->", end: "<!-- /fields -->", write: fieldTable },
  { start: "<!-- sizes: written by npm run schema -->", end: "<!-- /sizes -->", write: sizeTable },
];

/**
 * The document with its tables written anew: of fields, from the schema; of sizes.
 *
 * @throws Error when the document lacks the marks between which a table stands
 */
export function withFieldReference(document: string): string {
  return tables.reduce((text, { start, end, write }) => {
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${REFERENCE_DOCUMENT} lacks the lines ${start} and ${end}`);
    return `${text.slice(0, from + start.length)}\n\n${write()}\n${text.slice(to)}`;
  }, document);
}

function sizeTable(): string {
  const rows = Object.keys(SIZES.small).map((amount) => {
    const cells = SIZE_NAMES.map((size) => Object.entries(SIZES[size]).find(([name]) => name === amount)?.[1]);
    return `| \`${amount}\` | ${cells.join(" | ")} |\n`;
  });
  return `| | ${SIZE_NAMES.join(" | ")} |\n|---|${"---|".repeat(SIZE_NAMES.length)}\n${rows.join("")}`;
}

function fieldTable(): string {
  const [base, overlay] = [tenantFile, tenantOverlay].map((file) =>
    z.toJSONSchema(file, { target: "draft-07", io: "input" }),
  );
  // An overlay has the fields of a base file, and some that only it can have.
  const properties = { ...base?.properties, ...overlay?.properties, ...base?.properties };
  const rows = withoutRepeats(fields({ ...base, properties })).map(
    ({ path, type, fallback, text }) => `| \`${path}\` | ${type} | ${fallback} | ${text} |\n`,
  );
  return `| Field | Type | Default | Meaning |\n|---|---|---|---|\n${rows.join("")}`;
}

interface Field {
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly text: string;
}

function fields(schema: z.core.JSONSchema.BaseSchema, parent = ""): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (typeof field === "boolean") return [];
    const path = parent === "" ? name : `${parent}.${name}`;
    const itself = { path, type: typeOf(field), ...meaning(field, schema.required?.includes(name)) };
    const entries = entryFields(field, path);
    if (entries.length > 0) return [{ ...itself, type: "map" }, ...entries];
    const inner = fields(field, path);
    return inner.length > 0 ? inner : [itself];
  });
}

/** What an entry of a map has in common with the tenant's first part of its kind needs no second telling. */
function withoutRepeats(all: readonly Field[]): Field[] {
  const key = ({ path, text }: Field) => JSON.stringify([path.split(".").at(-1), text]);
  const isInEntry = ({ path }: Field) => path.includes(`.${anyName}.`);
  const told = new Set(all.filter((field) => !isInEntry(field)).map(key));
  return all.filter((field) => !isInEntry(field) || !told.has(key(field)));
}

/** Stands in a path for the key that a file's author chooses. */
const anyName = "NAME";

/** Fields of each entry of a map; a map of texts has none. */
function entryFields({ additionalProperties: entry }: z.core.JSONSchema.BaseSchema, path: string): Field[] {
  return typeof entry === "object" ? fields(entry, `${path}.${anyName}`) : [];
}

function typeOf(field: z.core.JSONSchema.BaseSchema): string {
  if (field.enum) return field.enum.map((choice) => `\`${String(choice)}\``).join(", ");
  if (field.type === "object") return "map of texts";
  if (field.type === "array") return "list";
  if (field.type === "integer") return "number";
  return field.type === "boolean" ? "`true`, `false`" : "text";
}

/** A default that depends on other fields stands at the end of the description. */
function meaning(field: z.core.JSONSchema.BaseSchema, required = false): Pick<Field, "fallback" | "text"> {
  const [text = "", described] = (field.description ?? "").split(" Default: ");
  if (required) return { text, fallback: "required" };
  if (field.default !== undefined) return { text, fallback: `\`${String(field.default)}\`` };
  return { text, fallback: (described ?? "").replace(/\.$/, "") };
}
