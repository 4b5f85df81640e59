import type { Rule, Violation } from "./rule.js";

/** A group with a name, as RE2 and JavaScript both write them. */
const namedGroup = /\(\?P?<(\w+)>/g;

/**
 * Regular expression for an image's tags. Flux takes RE2's dialect, which is JavaScript's but for a few signs, so only
 * what is broken in both is told here.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export const tagPattern: Rule = {
  pattern: "^[^\\p{Cc}]+$",
  maxLength: 250,
  check(value) {
    if (value === "") return { message: "is empty", fix: "Write a regular expression, or leave filterTags out" };
    if (value.length > 250) return { message: "is longer than 250 characters", fix: "Choose a shorter one" };
    if (/\p{Cc}/u.test(value)) return { message: "contains a control character", fix: "Remove it" };
    if (/\(\?<?[=!]/.test(value)) {
      return {
        message: "looks ahead or behind, which Flux's expressions cannot",
        fix: "Write it without (?=, (?!, (?<",
      };
    }
    const plain = value.replace(/^\(\?[a-zA-Z]+\)/, "").replaceAll("(?P<", "(?<");
    return isExpression(plain)
      ? undefined
      : { message: "is not a regular expression", fix: "Write it like ^v(?P<version>.*)$" };
  },
};

/** Why what is taken out of a tag is none of what the pattern finds in it; undefined when it is. */
export function extractViolation(pattern: string, extract: string): Violation | undefined {
  const names = [...pattern.matchAll(namedGroup)].map(([, name = ""]) => name);
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
