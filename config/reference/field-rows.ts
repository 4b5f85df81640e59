import type { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A row of a table of fields. */
interface Field {
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly text: string;
}

/** Stands in a path for the key that a file's author chooses. */
const anyName = "NAME";

/**
 * The table of all fields of a JSON Schema: field, type, default, meaning.
 *
 * @param prefix text before each path. @default ""
 */
export function fieldTable(schema: JsonSchema, prefix = ""): string {
  const rows = withoutRepeats(fields(schema)).map(
    ({ path, type, fallback, text }) => `| \`${prefix}${path}\` | ${type} | ${fallback} | ${text} |\n`,
  );
  return `| Field | Type | Default | Meaning |\n|---|---|---|---|\n${rows.join("")}`;
}

function fields(schema: JsonSchema, parent = ""): Field[] {
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

/** A field of a map's entry that equals a field of the tenant's primary part is left out. */
function withoutRepeats(all: readonly Field[]): Field[] {
  const key = ({ path, text }: Field) => JSON.stringify([path.split(".").at(-1), text]);
  const isInEntry = ({ path }: Field) => path.includes(`.${anyName}.`);
  const known = new Set(all.filter((field) => !isInEntry(field)).map(key));
  return all.filter((field) => !isInEntry(field) || !known.has(key(field)));
}

/** Fields of each entry of a map; a map of texts has none. */
function entryFields({ additionalProperties: entry }: JsonSchema, path: string): Field[] {
  return typeof entry === "object" ? fields(entry, `${path}.${anyName}`) : [];
}

function typeOf(field: JsonSchema): string {
  if (field.enum) return field.enum.map((choice) => `\`${String(choice)}\``).join(", ");
  if (field.type === "object") return "map of texts";
  if (field.type === "array") return "list";
  if (field.type === "integer") return "number";
  return field.type === "boolean" ? "`true`, `false`" : "text";
}

/** A default that depends on other fields stands at the end of the description. */
function meaning(field: JsonSchema, required = false): Pick<Field, "fallback" | "text"> {
  const [text = "", described] = (field.description ?? "").split(" Default: ");
  if (required) return { text, fallback: "required" };
  if (field.default !== undefined) return { text, fallback: defaultText(field.default) };
  return { text, fallback: (described ?? "").replace(/\.$/, "") };
}

function defaultText(value: unknown): string {
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return isEmpty ? "none" : `\`${Array.isArray(value) ? value.join(", ") : String(value)}\``;
}
