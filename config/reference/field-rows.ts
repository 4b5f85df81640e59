import type { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

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
 * @param prefix text before each path. @default ""
 */
export function fieldTable(schema: JsonSchema, prefix = ""): string {
  const rows = withoutRepeats(fields(schema, prefix)).map(
    ({ path, type, fallback, text }) => `| \`${path}\` | ${type} | ${fallback} | ${text} |\n`,
  );
  return `| Field | Type | Default | Meaning |\n|---|---|---|---|\n${rows.join("")}`;
}

/** @param parent start of the paths, with a dot at its end */
function fields({ properties = {}, required = [] }: JsonSchema, parent: string): Field[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    if (typeof field === "boolean") return [];
    const path = `${parent}${name}`;
    const itself = { path, type: typeOf(field), ...meaning(field, required.includes(name)) };
    const { additionalProperties: entry } = field;
    // A map of texts has entries without fields.
    const entries = typeof entry === "object" ? fields(entry, `${path}.${anyName}.`) : [];
    if (entries.length > 0) return [{ ...itself, type: "map" }, ...entries];
    const inner = fields(field, `${path}.`);
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

function typeOf(field: JsonSchema): string {
  if (field.enum) return field.enum.map((choice) => `\`${String(choice)}\``).join(", ");
  if (field.type === "object") return "map of texts";
  if (field.type === "array") return "list";
  if (field.anyOf) return field.anyOf.map((one) => (typeof one === "object" ? typeOf(one) : "any")).join(" or ");
  if (field.type === "integer" || field.type === "number") return "number";
  return field.type === "boolean" ? "`true`, `false`" : "text";
}

/** A default that depends on other fields stands at the end of the description. */
function meaning(field: JsonSchema, isRequired: boolean): Pick<Field, "fallback" | "text"> {
  const [text = "", described = ""] = (field.description ?? "").split(" Default: ");
  if (isRequired) return { text, fallback: "required" };
  return { text, fallback: field.default === undefined ? described.replace(/\.$/, "") : defaultText(field.default) };
}

function defaultText(value: unknown): string {
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return isEmpty ? "none" : `\`${Array.isArray(value) ? value.join(", ") : String(value)}\``;
}
