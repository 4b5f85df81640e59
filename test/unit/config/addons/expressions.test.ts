import assert from "node:assert/strict";
import fc from "fast-check";
import { FORMULA_PATTERN } from "../../../../config/addons/formula-form.js";
import { QUERY_PATTERN } from "../../../../config/addons/query-form.js";

/** Formulas that make texts, lists or loops, or leave the arithmetic otherwise. */
const costlyFormulas = [
  "all(1..1000, all(1..1000, true)) ? 1 : 2",
  "1..1000000000",
  "1 .. 1000000000",
  "let a = 1; a",
  "[1, 2][0]",
  "{a: 1}.a",
  "a.b",
  "a?.b",
  "a[0]",
  "#",
  '"a" + a',
  "'a'",
  "`a`",
  "a | abs()",
  "a || b",
  "toJSON(toJSON(toJSON(1))) == b ? 1 : 2",
  "toJSON (1)",
  "max(1, toJSON(1))",
  "-toBase64(1)",
  "not string(1)",
  "a and repeat(1)",
  "a or(trim(1))",
  "absfloor(1)",
  "now()",
  "a(1)",
  "(a)(1)",
  "a in b",
  "a // comment",
  "a /* comment */ + b",
  "a # comment",
  "toJSON/*+a*/(1)",
  "toJSON /* +a */ (toJSON/*+a*/(1))",
  "toJSON//+a",
  "a +/* b */ c",
  "a\n+ b",
  "a;b",
  "a\\b",
  "ａ(1)",
  "a\u00a0+ b",
  "toJSON\u200b(1)",
  "",
  "()",
  "a +",
  "1.5.5",
] as const;

/** Formulas of KEDA's documentation and others that only compute. */
const plainFormulas = [
  "a",
  "trig_one + trig_two",
  "(trig_one + trig_two)/2",
  "trig_one > 2 ? trig_one + trig_two : 1",
  "trig_one > 2 ? (trig_two < 3 ? 1 : 2) : 3",
  "a ** 2 ** 3",
  "999999999999999999999999999999 * a",
  "1e400 - a",
  "1_000 + 0xff",
  "not (a > 1) and b <= 2.5 or !(c == 3)",
  "max(a, b, min(c, 1)) + round(abs(-a)) % 2",
  "ceil( float(a) / 3 ) ?? 1",
] as const;

/** Queries that repeat, define or compute something, or hide an action. */
const costlyQueries = [
  "{{ range 1000000000 }}a{{ end }}",
  '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}',
  '{{ block "a" . }}{{ end }}',
  '{{ printf "%1000000d" 1 }}',
  "{{ target | html }}",
  "{{ target | printf `%1000000s` }}",
  "{{ (target) }}",
  "{{ if target }}a{{ end }}",
  "{{ with target }}{{ . }}{{ end }}",
  "{{ $a := target }}",
  "{{ variables }}",
  "{{ variables.a.b }}",
  "{{ (index variables `a`) }}",
  "{{ index variables target }}",
  '{{ index variables "a" | html }}',
  '{{ index variables "a\\"" | html }}',
  '{{ index variables "}}{{ range 9 }}" }}',
  '{{ slice (index variables "a") }}',
  "{{ . }}",
  "{{ .Name }}",
  "{{/* comment */}}",
  "{{- /* comment */ -}}",
  "{{ target /* comment */ }}",
  "{{-target }}",
  "{{ target -}",
  "{{ target -}}}}{{",
  "{{{ target }}}",
  "{{{{ target }}}}",
  "{{ target }}{{",
  "{{ target",
  "{{\ntarget }}",
  "{{\ttarget }}",
  "{{ target\n}}",
  "{{\u00a0target }}",
  "{{ ｔarget }}",
  "{{ target2 }}",
  "{{ target target }}",
  "{{ break }}",
  "{{ 1 }}",
  "{{}}",
] as const;

const plainQueries = [
  "",
  "{",
  "a }} b } {",
  "{{ target }}",
  "{{target}}",
  "{{- target -}}",
  "{{ target -}} a {{- variables.a_1 }}",
  '{{ index variables "a-b.c" }}{{ name }}{{ route }}{{ interval }}',
  'sum(rate(a{b=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)", c="{{ namespace }}"}[{{ interval }}]))',
  "{a: {b: {{ service }}}}",
  "a\n{{ ingress }}\nb",
] as const;

/** Texts of a few parts, in any order. */
function textsOf(...parts: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((chosen) => chosen.join(""));
}

describe("the pattern of formulas", () => {
  const formula = new RegExp(FORMULA_PATTERN);

  it("matches arithmetic, and nothing that makes a text, a list or a loop", () => {
    for (const text of costlyFormulas) assert.ok(!formula.test(text), text);
    for (const text of plainFormulas) assert.ok(formula.test(text), text);
  });

  it("lets a bracket follow no other name than those of functions between numbers, whatever stands around it", () => {
    const known = new Set(["abs", "ceil", "float", "floor", "int", "max", "min", "round", "not", "and", "or"]);
    const parts = "toJSON string abs max not and or a 1 1.5 ( ) + , / *".split(" ").concat(" ");
    const isKnown = (name: string) =>
      known.has(name) || [...known].some((one) => name === `and${one}` || name === `or${one}`);
    fc.assert(
      fc.property(textsOf(...parts), (text) => {
        if (!formula.test(text)) return;
        assert.doesNotMatch(text, /\/[/*]/, "a comment");
        const called = [...text.matchAll(/([A-Za-z0-9_]+) *[(]/g)].map(([, name = ""]) => name);
        assert.deepEqual(
          called.filter((name) => !isKnown(name)),
          [],
          text,
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it("is decided in time that grows with the formula", () => {
    for (const part of ["a", "and", "a and ", "+-", "( ", ") ", "abs( ", "1.5"]) {
      assert.ok(!formula.test(`${part.repeat(300)}$`), part);
    }
  });
});

describe("the pattern of queries", () => {
  const query = new RegExp(QUERY_PATTERN);

  it("matches what inserts values, and nothing else", () => {
    for (const text of costlyQueries) assert.ok(!query.test(text), text);
    for (const text of plainQueries) assert.ok(query.test(text), text);
  });

  it("matches no text with another action between two brackets", () => {
    const parts = [
      "{",
      "{{",
      "}}",
      "}",
      "{{-",
      "-}}",
      " ",
      "target",
      "variables",
      ".a",
      "range",
      "/*",
      "*/",
      '"',
      "|",
      "\n",
      "(",
    ];
    const action = /^(- )? *(target|variables[.][A-Za-z0-9_]+) *( -)?$/;
    fc.assert(
      fc.property(textsOf(...parts), (text) => {
        if (!query.test(text)) return;
        // As Go does: an action begins at the first two brackets, and ends at the next closing ones.
        const actions = text
          .split("{{")
          .slice(1)
          .map((rest) => rest.split("}}")[0] ?? "");
        assert.deepEqual(
          actions.filter((one) => !action.test(one)),
          [],
          text,
        );
      }),
      { numRuns: 20_000 },
    );
  });
});
