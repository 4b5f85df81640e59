import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";

/** A tenant's values on one stack, in the form of a base file. */
export interface StackForm {
  readonly stack: string;
  readonly form: PlainObject;
}

/** The rows of a table of a tenant's values: the field, and its value on each stack. A dash stands for a missing field. */
export function valueRows(forms: readonly StackForm[]): readonly (readonly string[])[] {
  const columns = forms.map(({ form }) => new Map(leaves(form, "")));
  const fields = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  return fields.map((field) => [field, ...columns.map((column) => column.get(field) ?? "—")]);
}

function leaves(value: PlainValue, path: string): readonly (readonly [string, string])[] {
  if (isPlainObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, field]) =>
      leaves(field as PlainValue, path === "" ? key : `${path}.${key}`),
    );
  }
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}
