import { isPlainObject } from "../../lib/data/merge.js";
import type { FieldPath } from "../../lib/kubernetes/field-path.js";
import { UNKNOWN_VALUE } from "../../lib/state/unknown-value.js";
import { isSecretMark, secretMark } from "../planned-resource.js";

/**
 * The engine's mask for a secret.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/backend/display/json.go massagePropertyValue
 */
const SECRET = "[secret]";

/** Stands for a value that exists after the update only. */
const UNKNOWN = "(known after the update)";

/** A value of the engine's JSON as plain data: with marks for secrets, and without fields of providers for themselves. */
export function plainValue(value: unknown): unknown {
  if (value === SECRET) return secretMark();
  if (value === UNKNOWN_VALUE) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isPlainObject(value)) return value;
  const own = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(own.map(([key, field]) => [key, plainValue(field)]));
}

/** The steps of a path of the engine: `spec.hard["limits.cpu"]`, `rules[0].name`. */
export function propertyPath(text: string): FieldPath {
  return [...text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name = ""]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
    return index === undefined ? name : Number(index);
  });
}

/**
 * A copy of a value in which a secret has another mark, if the path leads to it or into it. The engine masks all secrets
 * alike, and only its paths tell which of them changes.
 */
export function withChangedSecret(value: unknown, [step, ...rest]: FieldPath): unknown {
  if (isSecretMark(value)) return secretMark("changed");
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? withChangedSecret(item, rest) : item));
  }
  if (!isPlainObject(value)) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.map(([key, field]) => [key, key === step ? withChangedSecret(field, rest) : field]));
}
