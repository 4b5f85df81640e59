import { z } from "zod";
import { hintsAt } from "./hints.js";
import { didYouMean, nearMatches } from "./near-match.js";
import type { Problem } from "./problem.js";

/** Steps from the root of a value to a place in it. */
export type Path = readonly PropertyKey[];

/** The source of checked data, for problems. */
export interface Source {
  readonly file: string;
  /** Prefix of every path. @default "" */
  readonly prefix?: string;
  /** Line of a place in the data. @default - lines are not known */
  readonly lineOf?: (path: Path) => number | undefined;
  /** File and line of a place, where the data comes from more than one file. @default - `file` and `lineOf` */
  readonly locate?: (path: Path) => Pick<Problem, "file" | "line" | "subject">;
  /** Whether problems may repeat values. False where a value may be a secret. @default true */
  readonly showValues?: boolean;
}

/** The data if it matches the schema, or all its problems. */
export function checkData<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
  source: Source,
): { readonly value: z.infer<Schema>; readonly problems: [] } | { readonly problems: Problem[] } {
  const result = schema.safeParse(data);
  const problems = dataProblems(result.error?.issues ?? [], schema, data, source);
  return result.success && problems.length === 0 ? { value: result.data, problems: [] } : { problems };
}

/**
 * The problems of data.
 * @param issues all that the schema has found in exactly this data
 */
export function dataProblems(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  data: unknown,
  source: Source,
): Problem[] {
  const problems = issues.flatMap((issue) => issueProblems(issue, schema, data, source));
  const reported = new Set(problems.map(({ path }) => path));
  const passedOver = passedOverKeys(data)
    .map((path) => ({ ...place(path, source), message: "cannot be a key", fix: "Choose another one" }))
    .filter(({ path }) => !reported.has(path));
  return [...problems, ...passedOver];
}

/** `namespace.labels["example.com/team"]` or `args[0]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = String(step);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** The steps of a path that {@link formatPath} wrote. */
export function parsePath(text: string): Path {
  const steps = text.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, name = ""]) => {
    if (quoted !== undefined) return String(JSON.parse(quoted));
    return index === undefined ? name : Number(index);
  });
}

function issueProblems(issue: z.core.$ZodIssue, schema: z.ZodType, data: unknown, source: Source): Problem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      ...place([...path, key], source),
      message: "there is no such field",
      fix: unknownFieldFix(path, key, schema, source),
    }));
  }
  const at = place(path, source);
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => ({ ...at, message: `the key ${inner.message}`, fix: fixOf(inner) }));
  }
  return [{ ...at, ...fault(issue, valueAt(data, path), source, hintsAt(schema, path).number) }];
}

function place(
  path: Path,
  { file, prefix = "", lineOf, locate }: Source,
): Pick<Problem, "file" | "line" | "path" | "subject"> {
  return { ...(locate?.(path) ?? { file, line: lineOf?.(path) }), path: prefix + formatPath(path) };
}

function unknownFieldFix(section: Path, key: string, schema: z.ZodType, { prefix = "" }: Source): string {
  const { fields: expected = {} } = hintsAt(schema, section);
  if (Object.hasOwn(expected, key)) return expected[key] ?? "Remove it";
  const fields = fieldsOf(schema);
  const names = fields.filter((field) => matches(field.section, section)).map(({ name }) => name);
  const near = nearMatches(key, names).map((name) => [...section, name]);
  // A right name in the wrong place is as common as a typing error.
  const elsewhere = fields
    .filter((field) => !field.section.includes(any) && nearMatches(key, [field.name]).length > 0)
    .map((field) => [...field.section, field.name]);
  return didYouMean(
    (near.length > 0 ? near : elsewhere.slice(0, 3)).map((field) => prefix + formatPath(field)),
    names.length === 0 ? "Remove it" : `Remove it, or use one of: ${names.sort().join(", ")}`,
  );
}

function fault(
  issue: z.core.$ZodIssue,
  value: unknown,
  source: Source,
  numberFix: string | undefined,
): Pick<Problem, "message" | "fix"> {
  const showValues = source.showValues ?? true;
  const found = describe(value, showValues);
  if (issue.code === "custom") {
    const subject = typeof value === "string" && showValues ? `${found} ` : "";
    return { message: subject + issue.message, fix: fixOf(issue) };
  }
  if (value === undefined) return { message: "is missing", fix: "Add it" };
  if (issue.code === "invalid_type") {
    const wanted = typeNames[issue.expected] ?? issue.expected;
    const fix = typeof value === "number" ? numberFix : undefined;
    return { message: `must be ${wanted}, but is ${found}`, fix: fix ?? typeFix(issue.expected, value) };
  }
  if (issue.code === "invalid_value") {
    const choices = issue.values.map(String);
    const near = typeof value === "string" ? nearMatches(value, choices) : [];
    const butIs = showValues ? `, but is ${found}` : "";
    return { message: `must be one of ${choices.join(", ")}${butIs}`, fix: didYouMean(near, "Choose one") };
  }
  return { message: issue.message };
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  boolean: "true or false",
  number: "a whole number",
  int: "a whole number",
  array: "a list",
  object: "a map",
  record: "a map",
};

function typeFix(expected: string, value: unknown): string {
  if (value === null) return "Give it a value, or remove the key";
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) return "Put it in quotes";
  if (expected === "number" && typeof value === "string" && /^[0-9]+$/.test(value)) return "Remove the quotes";
  if (expected === "boolean") return "Write true or false, without quotes; yes, no, on and off are texts";
  return "Correct it";
}

function fixOf(issue: z.core.$ZodIssue): string | undefined {
  const fix: unknown = issue.code === "custom" ? issue.params?.fix : undefined;
  return typeof fix === "string" ? fix : undefined;
}

/** A value in words, or its kind alone where the value may be a secret. Of a private key, no more than its header. */
function describe(value: unknown, showValues: boolean): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return showValues ? `the ${typeof value} ${String(value)}` : `a ${typeof value}`;
  if (!showValues) return "a text";
  const [, head = value] = /^(.*?PRIVATE KEY)/s.exec(value) ?? [];
  const shown = head.slice(0, 60);
  return JSON.stringify(shown.length < value.length ? `${shown}…` : value);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => new Map(Object.entries(value ?? {})).get(String(step)), data);
}

/**
 * Keys of no map: Zod leaves `__proto__` out of a map with free keys without an issue, and the Pulumi engine's client fails
 * on an object that cannot be converted to a text, without saying where.
 */
const impossibleKeys: readonly string[] = ["__proto__", "toString", "valueOf"];

/** The places of keys that no map can have. */
function passedOverKeys(data: unknown, path: Path = []): Path[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const inner = [...path, Array.isArray(data) ? Number(key) : key];
    return impossibleKeys.includes(key) ? [inner] : passedOverKeys(value, inner);
  });
}

/** Stands in a path for any index of a list, and for any key of a map with free keys. */
const any = "*";

interface Field {
  readonly section: readonly string[];
  readonly name: string;
}

function fieldsOf(schema: unknown, section: readonly string[] = []): Field[] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) => [
      { section, name },
      ...fieldsOf(field, [...section, name]),
    ]);
  }
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element, [...section, any]);
  if (schema instanceof z.ZodRecord) return fieldsOf(schema.valueType, [...section, any]);
  // An optional or nullable schema, or one with a default.
  return schema instanceof z.ZodType && "innerType" in schema.def ? fieldsOf(schema.def.innerType, section) : [];
}

function matches(pattern: readonly string[], path: Path): boolean {
  return pattern.length === path.length && pattern.every((step, index) => step === any || step === path[index]);
}
