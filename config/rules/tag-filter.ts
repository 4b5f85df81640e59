import { re2Violation } from "./re2.js";
import { atMost, hintOf, refuse, ruleOf, type Violation } from "./rule.js";

/**
 * Regular expression for an image's tags. Flux takes RE2's dialect, which is JavaScript's but for a few signs.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export const tagPattern = ruleOf(
  {
    pattern: "^[^\\p{Cc}]+$",
    maxLength: 250,
    hint: hintOf("a regular expression", "Write it like ^v(?P<version>.*)$"),
  },
  refuse(/^$/, "is empty", "Write a regular expression, or leave filterTags out"),
  atMost(250, "Choose a shorter one"),
  refuse(/\p{Cc}/u, "contains a control character", "Remove it"),
  refuse(/\(\?<?[=!]/, "looks ahead or behind, which Flux's expressions cannot", "Write it without (?=, (?!, (?<"),
  (value) => {
    const plain = value.replace(/^\(\?[a-zA-Z]+\)/, "").replaceAll("(?P<", "(?<");
    if (isExpression(plain)) return undefined;
    return { message: "is not a regular expression", fix: "Write it like ^v(?P<version>.*)$" };
  },
  re2Violation,
);

/** Why the text to take out of a tag names nothing that the pattern finds there; undefined when it does. */
export function extractViolation(pattern: string, extract: string): Violation | undefined {
  // RE2 and JavaScript write a group's name alike, but for the P.
  const names = [...pattern.matchAll(/\(\?P?<(\w+)>/g)].map(([, name = ""]) => name);
  const groups = pattern.replaceAll(/\\.|\[[^\]]*\]/g, "").match(/\((?!\?[^P<])/g)?.length ?? 0;
  const used = [...extract.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)].map(([, inBraces, bare]) => inBraces ?? bare ?? "");
  if (used.length === 0) {
    return { message: "takes nothing out of the tag", fix: "Name a group of the pattern: $version" };
  }
  const unknown = used.find((name) => (/^[0-9]+$/.test(name) ? Number(name) > groups : !names.includes(name)));
  if (unknown === undefined) return undefined;
  const fix = names.length === 0 ? "Give the group a name: (?P<version>.*)" : `Name one of: $${names.join(", $")}`;
  return { message: `names the group ${unknown}, which the pattern does not have`, fix };
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
