import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

/** GitHub's own description of its REST API, as far as it is used here. */
interface Description {
  readonly paths: Record<string, Record<string, Operation | undefined>>;
  readonly components: { readonly responses: Record<string, Response>; readonly schemas: Record<string, Schema> };
}
interface Operation {
  readonly responses: Record<string, Response>;
  readonly requestBody?: Response;
}
interface Response {
  readonly $ref?: string;
  readonly content?: Record<string, { readonly schema?: Schema } | undefined>;
}
interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/**
 * The Terraform provider addresses teams by two ids. GitHub documents these addresses no longer, but they answer like
 * the documented ones.
 */
const undocumented: readonly (readonly [RegExp, string])[] = [[/^\/organizations\/\d+\/team\/(\d+)/, "/teams/$1"]];

/** Part of GitHub Enterprise Server and of the emulator, not of github.com's description. */
const enterprise = new Set(["POST /admin/users"]);

/**
 * Statuses that any endpoint may answer with, and that the description leaves out of most: they have the shape of
 * GitHub's basic error.
 */
const general = new Set([301, 307, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]);

let loaded: { description: Description; ajv: Ajv } | undefined;
const compiled = new Map<string, ValidateFunction>();

/**
 * Compares one answer with GitHub's published OpenAPI description.
 * @param path below `/api/v3`, without query
 * @returns what is wrong with it, or undefined
 */
export function openApiProblem(method: string, path: string, status: number, body: unknown): string | undefined {
  if (enterprise.has(`${method} ${path}`)) return undefined;
  if (status === 304 || status === 501) return undefined;
  const { description, ajv } = load();
  const template = findTemplate(description, documentedPath(path), method.toLowerCase());
  if (template === undefined) return `GitHub has no ${method} ${path}`;
  const pointer = schemaPointer(description, template, method.toLowerCase(), status);
  if (pointer === undefined) {
    if (!general.has(status)) return `${method} ${template} never answers ${status}`;
    return validate(ajv, "github#/components/schemas/basic-error", body);
  }
  if (pointer === null)
    return body === undefined ? undefined : `${method} ${template} answers ${status} without a body`;
  return validate(ajv, pointer, body);
}

/**
 * Compares the body of a request that the emulator accepted with the description: the form of its fields, those that must be
 * there, and those that GitHub does not know and so ignores.
 * @param path below `/api/v3`, without query
 */
export function requestProblem(method: string, path: string, body: unknown): string | undefined {
  if (body === undefined || enterprise.has(`${method} ${path}`)) return undefined;
  const { description, ajv } = load();
  const template = findTemplate(description, documentedPath(path), method.toLowerCase());
  if (template === undefined) return `GitHub has no ${method} ${path}`;
  const place = `#/paths/${pointerText(template)}/${method.toLowerCase()}/requestBody/content/application~1json/schema`;
  const content = description.paths[template]?.[method.toLowerCase()]?.requestBody?.content?.["application/json"];
  if (content?.schema === undefined) return `${method} ${template} takes no body`;
  const known = knownFields(description, content.schema);
  const unknown = Object.keys(Object(body)).filter((name) => !Array.isArray(body) && !known.has(name));
  if (unknown.length > 0) return `${method} ${template} knows no field ${unknown.join(", ")}`;
  return validate(ajv, encodeURI(`github${place}`), body);
}

function knownFields({ components, ...rest }: Description, schema: Schema): ReadonlySet<string> {
  const { $ref, properties = {}, anyOf = [], allOf = [] } = schema;
  const named = components.schemas[$ref?.split("/").at(-1) ?? ""];
  const parts = [...anyOf, ...allOf, ...(named === undefined ? [] : [named])];
  const ofParts = parts.flatMap((part) => [...knownFields({ components, ...rest }, part)]);
  return new Set([...Object.keys(properties), ...ofParts]);
}

function documentedPath(path: string): string {
  return undocumented.reduce((current, [pattern, target]) => current.replace(pattern, target), path);
}

function pointerText(template: string): string {
  return template.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Compares a webhook's payload with the description. @param event for example `push` */
export function webhookProblem(event: string, payload: unknown): string | undefined {
  return validate(load().ajv, `github#/components/schemas/webhook-${event}`, payload);
}

function validate(ajv: Ajv, pointer: string, body: unknown): string | undefined {
  let check = compiled.get(pointer);
  if (check === undefined) {
    check = ajv.compile({ $ref: pointer });
    compiled.set(pointer, check);
  }
  return check(body) ? undefined : `${pointer}: ${ajv.errorsText(check.errors, { separator: "\n" })}`;
}

function load(): { description: Description; ajv: Ajv } {
  if (loaded === undefined) {
    // The package's main file would read all eleven descriptions.
    const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
    const description = withNull(JSON.parse(readFileSync(file, "utf8"))) as Description;
    const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false });
    (addFormats as unknown as (ajv: Ajv) => void)(ajv);
    ajv.addSchema(description as object, "github");
    loaded = { description, ajv };
  }
  return loaded;
}

/**
 * OpenAPI 3.0 says `nullable` where JSON Schema has a type or alternative "null". A text whose default is empty may be
 * empty, whatever its format.
 */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== "object" || value === null) return value;
  // Some alternatives overlap (an error and a more detailed error), so that nothing could ever fit exactly one.
  const entries = Object.entries(value).map(
    ([key, inner]) => [key === "oneOf" ? "anyOf" : key, withNull(inner)] as const,
  );
  const { nullable, ...schema } = Object.fromEntries(entries);
  if (schema.default === "" && schema.format !== undefined) return { anyOf: [{ const: "" }, schema] };
  return nullable === true ? { anyOf: [{ type: "null" }, schema] } : Object.fromEntries(entries);
}

/** The template that fits with the fewest variables; of two of them the one that says more itself. */
function findTemplate(description: Description, path: string, method: string): string | undefined {
  const fits = Object.entries(description.paths)
    .filter(([template, operations]) => operations[method] !== undefined && expression(template).test(path))
    .map(([template]) => template);
  const variables = (template: string): number => template.split("{").length;
  return fits.toSorted((one, other) => variables(one) - variables(other) || other.length - one.length)[0];
}

const expressions = new Map<string, RegExp>();

/** The last variable of some templates takes slashes too. */
function expression(template: string): RegExp {
  const known = expressions.get(template);
  if (known !== undefined) return known;
  const pattern = template
    .replaceAll(/[.+*?^$()|[\]\\]/g, "\\$&")
    .replaceAll(/\{(path|ref|branch)\}$/g, ".+")
    .replaceAll(/\{[^}]+\}/g, "[^/]+");
  const made = new RegExp(`^${pattern}$`);
  expressions.set(template, made);
  return made;
}

/** Where the schema of an answer is; null for an answer without body, undefined for a status that is not described. */
function schemaPointer(
  description: Description,
  template: string,
  method: string,
  status: number,
): string | null | undefined {
  const response = description.paths[template]?.[method]?.responses[status];
  if (response === undefined) return undefined;
  const named = response.$ref?.split("/").at(-1);
  const target = named === undefined ? response : description.components.responses[named];
  const where =
    named === undefined
      ? `#/paths/${pointerText(template)}/${method}/responses/${status}`
      : `#/components/responses/${named}`;
  const type = Object.keys(target?.content ?? {}).find((key) => key.includes("json"));
  // A 404 without described body still carries GitHub's error.
  if (type === undefined) return status === 204 ? null : undefined;
  return encodeURI(`github${where}/content/${type.replaceAll("/", "~1")}/schema`);
}
