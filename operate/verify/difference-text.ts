import { withoutPasswords } from "../without-passwords.js";
import type { FieldDifference } from "./compare-fields.js";

/** Characters of a value in a finding. */
const mostCharacters = 120;

/** Names of fields, variables and keys whose texts may be credentials. */
const credential = /(token|secret|passw(or)?d|api_?key|private_?key|credentials?)$/i;

/** A difference in words. A text that may be a credential is left out: people write such into variables by hand. */
export function differenceText({ path, wanted, live }: FieldDifference): string {
  const isHidden = path.some((step) => credential.test(String(step)));
  const json = (value: unknown) => jsonOf(value, isHidden);
  if (live === undefined) return "is gone";
  if (wanted === undefined) return `is ${short(json(live))}, and no file declares it`;
  if (Array.isArray(wanted) && Array.isArray(live)) return listText(wanted.map(json), live.map(json));
  return `is ${short(json(live))} instead of ${short(json(wanted))}`;
}

/** The elements that one of two lists has alone. */
function listText(mine: readonly string[], theirs: readonly string[]): string {
  const lacks = mine.filter((one) => !theirs.includes(one));
  const more = theirs.filter((one) => !mine.includes(one));
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${short(lacks.join(", "))}`] : []),
    ...(more.length > 0 ? [`has ${short(more.join(", "))} that no file declares`] : []),
  ];
  return parts.length === 0 ? `has ${theirs.length} elements instead of ${mine.length}` : parts.join(", and ");
}

function jsonOf(value: unknown, isHidden: boolean): string {
  return JSON.stringify(value, function (this: { readonly name?: unknown }, key: string, one: unknown) {
    if (typeof one !== "string") return one;
    const isCredential = isHidden || credential.test(key) || (key === "value" && credential.test(String(this.name)));
    return isCredential
      ? "…"
      : withoutPasswords(one).replace(/^(--(?=[\w-]*(?:token|secret|password))[\w-]*=).+/s, "$1…");
  });
}

function short(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
