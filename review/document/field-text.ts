import { isPlainObject } from "../../lib/data/merge.js";
import { pathText } from "../../lib/kubernetes/field-path.js";
import type { FieldChange } from "../diff/changed-fields.js";
import { isSecretMark } from "../planned-resource.js";
import type { FieldText } from "./document.js";

/** The most characters of a value. */
const longest = 400;
/** Characters of what both values share, before and after what differs. */
const context = 60;

/** A changed field as people read it. A secret shows as such, and so does nothing of its value. */
export function fieldText({ path, before, after }: FieldChange): FieldText {
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : textOf(withoutSecrets(value))));
  if (isSecretMark(before) && isSecretMark(after)) {
    return { path: pathText(path), before: "(secret)", after: "(another secret)" };
  }
  if (old === undefined || now === undefined) return { path: pathText(path), before: cut(old), after: cut(now) };
  return { path: pathText(path), ...differingParts(old, now) };
}

/** A copy without the marks of secrets. */
function withoutSecrets(value: unknown): unknown {
  if (isSecretMark(value)) return "(secret)";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutSecrets(field)]));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Two long texts without most of what they begin and end with. */
function differingParts(before: string, after: string): { readonly before: string; readonly after: string } {
  const shorter = Math.min(before.length, after.length);
  if (Math.max(before.length, after.length) <= longest) return { before, after };
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [from, rest] = [Math.max(0, start - context), Math.max(0, end - context)];
  const part = (text: string) => {
    const shown = cut(text.slice(from, text.length - rest)) ?? "";
    return `${from > 0 ? "… " : ""}${shown}${rest > 0 ? " …" : ""}`;
  };
  return { before: part(before), after: part(after) };
}

function cut(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= longest) return text;
  return `${text.slice(0, longest)} … (${text.length - longest} more characters)`;
}
