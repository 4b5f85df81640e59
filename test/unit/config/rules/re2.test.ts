import assert from "node:assert/strict";
import { re2Violation } from "../../../../config/rules/re2.js";

describe("an expression is refused that RE2 does not take,", () => {
  for (const [what, message, patterns] of [
    ["with a reference back", /refers back to a group/, ["(a)\\1", "(a)\\9", "(?<n>a)\\k<n>", "(a)[\\1]", "(a)\\18"]],
    [
      "with an escape of JavaScript's alone",
      /has the escape/,
      ["\\u0041", "\\cA", "\\e", "\\y", "[\\h]", "\\Z", "\\G"],
    ],
    [
      "with more repetitions than it makes",
      /repeats a part more than 1000 times/,
      [
        "a{1001}",
        "a{1001,}",
        "a{1,1001}",
        "(a{100}){11}",
        "((a{11}){10}b){10}",
        "(?:a{500}b){0,3}",
        "(ab|c{40}){30}",
        "[a]{2000}",
      ],
    ],
    ["with a set that never ends", /has a \[ that no \] closes/, ["[]", "[^]", "a[b", "[a\\]", "[[:alpha:]"]],
  ] as const) {
    for (const pattern of patterns) {
      it(`${what}: ${pattern}`, () => assert.match(re2Violation(pattern)?.message ?? "", message));
    }
  }
});

describe("an expression is accepted that RE2 takes,", () => {
  for (const pattern of [
    "^v(?P<version>[0-9]+\\.[0-9]+)$",
    "\\A\\d+\\z",
    "\\bmain-[a-f0-9]+-(?P<ts>\\d{10})\\b",
    "a{1000}",
    "(a{10}){100}",
    "a{1000}b{1000}",
    "(a{500})(b{500})",
    "[]a]",
    "[^]a]",
    "[[:alpha:]]{3}",
    "[\\]\\d]",
    "\\x41\\x{263A}\\012\\0",
    "\\pN\\p{Greek}",
    "\\Qa{1001}\\1\\E",
    "a{,5}",
    "x{a}",
    "(?i)abc",
    "a.b\\-\\_\\/\\\\",
  ]) {
    it(pattern, () => assert.equal(re2Violation(pattern), undefined));
  }
});
