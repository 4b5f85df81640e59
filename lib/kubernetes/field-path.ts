/** The way to a field from the top of an object: names of fields, and places in lists from 0. */
export type FieldPath = readonly (string | number)[];

/** A path as people write it: `spec.hard["count/pods"]`, `spec.subjects[1].name`. */
export function pathText(path: FieldPath): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** A path as a JSON pointer. @see https://www.rfc-editor.org/rfc/rfc6901 */
export function pathPointer(path: FieldPath): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Whether one of two paths leads to the other's field, or to a part of it. */
export function overlap(one: FieldPath, other: FieldPath): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => step === other[index]);
}
