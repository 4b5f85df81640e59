import { z } from "zod";
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
  readonly locate?: (path: Path) => Pick<Problem, "file" | "line">;
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
  const issues = result.error?.issues ?? [];
  const problems = issues.flatMap((issue) => issueProblems(issue, [], { schema, data, source }));
  const reported = new Set(problems.map(({ path }) => path));
  const passedOver = passedOverKeys(data)
    .map((path) => ({ ...place(path, source), message: "cannot be a key", fix: "Choose another one" }))
    .filter(({ path }) => !reported.has(path));
  if (result.success && passedOver.length === 0) return { value: result.data, problems: [] };
  return { problems: [...problems, ...passedOver] };
}

/** The places of keys that Zod leaves out of a map with free keys and says nothing of: what they hold would be lost. */
function passedOverKeys(data: unknown, path: Path = []): Path[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const inner = [...path, Array.isArray(data) ? Number(key) : key];
    return key === "__proto__" ? [inner] : passedOverKeys(value, inner);
  });
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

interface Checked {
  readonly schema: z.ZodType;
  readonly data: unknown;
  readonly source: Source;
}

function issueProblems(issue: z.core.$ZodIssue, parent: Path, checked: Checked): Problem[] {
  const path = [...parent, ...issue.path];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(path, key, checked));
  if (issue.code === "invalid_key") return issue.issues.map((inner) => keyProblem(path, inner, checked));
  return [{ ...place(path, checked.source), ...fault(issue, valueAt(checked.data, path), checked.source) }];
}

function place(path: Path, source: Source): Pick<Problem, "file" | "line" | "path"> {
  const { file, line } = source.locate?.(path) ?? { file: source.file, line: source.lineOf?.(path) };
  return { file, ...(line === undefined ? {} : { line }), path: (source.prefix ?? "") + formatPath(path) };
}

function keyProblem(path: Path, issue: z.core.$ZodIssue, { source }: Checked): Problem {
  return { ...place(path, source), message: `the key ${issue.message}`, fix: fixOf(issue) };
}

function unknownField(path: Path, key: string, { schema, source }: Checked): Problem {
  const known = fieldPaths(schema);
  const section = path.map((step) => (typeof step === "number" ? item : step));
  const siblings = known.filter((field) => field.length === path.length + 1 && startsWith(field, section));
  const names = siblings.map((field) => field.at(-1) ?? "");
  const near = nearMatches(key, names);
  // A right name in the wrong place is as common as a typing error.
  const named = known.filter((field) => !field.includes(item) && !field.includes(entry));
  const elsewhere = named.filter((field) => nearMatches(key, [field.at(-1) ?? ""]).length > 0);
  const shown = (field: Path) => (source.prefix ?? "") + formatPath(field);
  const fix = didYouMean(
    near.length > 0 ? near.map((name) => shown([...path, name])) : elsewhere.slice(0, 3).map(shown),
    names.length === 0 ? "Remove it" : `Remove it, or use one of: ${names.sort().join(", ")}`,
  );
  return { ...place([...path, key], source), message: "there is no such field", fix };
}

function fault(issue: z.core.$ZodIssue, value: unknown, source: Source): Pick<Problem, "message" | "fix"> {
  const hidden = !(source.showValues ?? true);
  if (issue.code === "custom") {
    const subject = typeof value === "string" && !hidden ? `${describe(value)} ` : "";
    return { message: subject + issue.message, fix: fixOf(issue) };
  }
  if (value === undefined) return { message: "is missing", fix: "Add it" };
  if (issue.code === "invalid_type") {
    const wanted = typeNames[issue.expected] ?? issue.expected;
    return {
      message: `must be ${wanted}, but is ${hidden ? describeKind(value) : describe(value)}`,
      fix: typeFix(issue.expected, value),
    };
  }
  if (issue.code === "invalid_value") {
    const choices = issue.values.map(String);
    const near = typeof value === "string" ? nearMatches(value, choices) : [];
    const found = hidden ? "" : `, but is ${describe(value)}`;
    return { message: `must be one of ${choices.join(", ")}${found}`, fix: didYouMean(near, "Choose one") };
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

/** The kind of a value, without the value. */
function describeKind(value: unknown): string {
  if (typeof value === "string") return "a text";
  return typeof value === "object" ? describe(value) : `a ${typeof value}`;
}

function describe(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return `the ${typeof value} ${String(value)}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    return typeof value === "object" && value !== null && Object.hasOwn(value, step)
      ? (value as Record<PropertyKey, unknown>)[step]
      : undefined;
  }, data);
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step || path[index] === entry);
}

/** Stands in a path for any index, because all items of a list have the same fields. */
const item = "[]";

/** Stands in a path for any key of a map with free keys. */
const entry = "*";

/** Every field of a schema, as steps from its root. */
function fieldPaths(schema: unknown): string[][] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) => [
      [name],
      ...fieldPaths(field).map((inner) => [name, ...inner]),
    ]);
  }
  if (schema instanceof z.ZodArray) return fieldPaths(schema.element).map((inner) => [item, ...inner]);
  if (schema instanceof z.ZodRecord) return fieldPaths(schema.valueType).map((inner) => [entry, ...inner]);
  return isWrapper(schema) ? fieldPaths(schema.unwrap()) : [];
}

function isWrapper(schema: unknown): schema is { unwrap(): unknown } {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  );
}
