import { plainCharacters } from "../../review/document/plain-characters.js";
import { withoutPasswords } from "../without-passwords.js";

/**
 * Data whose texts may be shown. Others read the page, so URLs lose their passwords. Characters that are not seen could
 * change the order in which a text is read.
 */
export function withSafeTexts<Value>(value: Value): Value {
  if (typeof value === "string") return withoutPasswords(plainCharacters(value)) as Value;
  if (Array.isArray(value)) return value.map(withSafeTexts) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [plainCharacters(name), withSafeTexts(one)] as const);
  return Object.fromEntries(entries) as Value;
}
