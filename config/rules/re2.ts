import type { Violation } from "./rule.js";

/** The most times that RE2 repeats something, repetitions of repetitions multiplied. */
const mostRepeats = 1000;

const countFix = "Write a shorter expression";

/** Members of a set: a class of characters by name, an escape, or any other sign. */
const item = String.raw`\[:\^?[a-z]+:\]|\\(?:[1-7][0-7]|.)|\[(?!:\^?[a-z]+:\])|[^\[\]\\]`;

/** The parts of an expression that matter here; everything else stands for itself. */
const parts = new RegExp(
  [
    String.raw`\\Q.*?(?:\\E|$)`,
    String.raw`\\(?<escaped>[1-7][0-7]|.)`,
    // A ] right at the start stands for itself.
    String.raw`(?<set>\[(?:\^|(?!\^))(?:\]|${item})(?:${item})*\])`,
    String.raw`(?<open>[(\[])`,
    String.raw`(?<close>\))`,
    String.raw`\{(?<least>[0-9]+)(?:,(?<most>[0-9]*))?\}`,
    ".",
  ].join("|"),
  "gs",
);

/** Characters that RE2 knows after a backslash, besides signs, which stand for themselves there. */
const escapes = /^([1-7][0-7]|[0afnrtvAbBdDsSwWpPxz]|[^0-9A-Za-z])$/;
const escapesInSets = /^([1-7][0-7]|[0afnrtvdDsSwWpPx]|[^0-9A-Za-z])$/;

/**
 * Why RE2, the regular expressions of Go and so of Flux, would not take an expression that JavaScript takes; undefined
 * when nothing speaks against it.
 * @see https://github.com/google/re2/wiki/Syntax
 * @see https://pkg.go.dev/regexp/syntax
 */
export function re2Violation(pattern: string): Violation | undefined {
  // How often the last part of each open group is repeated in the end, and the most of its parts.
  let last = 1;
  const groups = [1];
  for (const { groups: part = {} } of pattern.matchAll(parts)) {
    const fault = partFault(part);
    if (fault !== undefined) return fault;
    if (part.open !== undefined) {
      groups.push(1);
      last = 1;
    } else if (part.close !== undefined) {
      last = groups.pop() ?? 1;
    } else if (part.least === undefined) {
      last = 1;
    } else {
      last *= Math.max(Number(part.least), Number(part.most ?? 0), 1);
    }
    if (last > mostRepeats) {
      return {
        message: `repeats a part more than ${mostRepeats} times, which Flux's expressions cannot`,
        fix: countFix,
      };
    }
    groups.push(Math.max(groups.pop() ?? 1, last));
  }
  return undefined;
}

function partFault({ escaped, set = "", open }: Readonly<Record<string, string | undefined>>): Violation | undefined {
  if (open === "[") return { message: "has a [ that no ] closes", fix: "Write \\[ for the sign itself" };
  const inSet = [...set.matchAll(/\\([1-7][0-7]|.)/gs)].map(([, one = ""]) => one);
  const unknown =
    inSet.find((one) => !escapesInSets.test(one)) ?? (escaped && !escapes.test(escaped) ? escaped : undefined);
  if (unknown === undefined) return undefined;
  if (/^[1-9k]/.test(unknown)) {
    return {
      message: `refers back to a group (\\${unknown}), which Flux's expressions cannot`,
      fix: "Write it without \\1 and \\k",
    };
  }
  return {
    message: `has the escape \\${unknown}, which Flux's expressions do not know`,
    fix: "Write the sign itself, or \\x{…}",
  };
}
