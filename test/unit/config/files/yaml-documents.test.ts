import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Document,
  isAlias,
  isCollection,
  isNode,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  parseAllDocuments,
  stringify,
} from "yaml";
import { checkout } from "../../../../cli/checkout.js";
import { readDocuments } from "../../../../config/files/yaml-documents.js";

/** The options of tenant files and of manifests. */
const forms = [
  { maxDepth: 32, version: "1.2", schema: "core", stringKeys: true, resolveKnownTags: false },
  { maxDepth: 200, logLevel: "silent" },
  { maxDepth: 3 },
] as const;

type Form = (typeof forms)[number];

/** The result of two passes: one of the nesting, and one of the documents by the library's own function. */
function twoPasses(text: string, { maxDepth, ...options }: Form): unknown {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme));
    if (parser.stack.length > maxDepth) return "too deep";
  }
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { ...options, prettyErrors: false, lineCounter });
  return [lineCounter.lineStarts, [...documents].map(documentAsData)];
}

function onePass(text: string, form: Form): unknown {
  const lineCounter = new LineCounter();
  const documents = readDocuments(text, { ...form, lineCounter });
  return documents === undefined ? "too deep" : [lineCounter.lineStarts, documents.map(documentAsData)];
}

function documentAsData(document: Document.Parsed): unknown {
  const { contents, errors, warnings, range, comment, commentBefore, directives } = document;
  const faults = [errors, warnings].map((list) =>
    list.map(({ name, code, message, pos }) => [name, code, message, pos]),
  );
  const { yaml, docStart, docEnd } = directives;
  return [nodeAsData(contents), faults, range, comment, commentBefore, yaml, docStart, docEnd];
}

function nodeAsData(node: unknown): unknown {
  if (isPair(node)) return [nodeAsData(node.key), nodeAsData(node.value)];
  if (!isNode(node)) return node;
  const { range, comment, commentBefore, spaceBefore, tag } = node;
  const shared = [range, comment, commentBefore, spaceBefore, tag];
  if (isAlias(node)) return [...shared, node.source];
  if (isScalar(node)) {
    // YAML 1.1 has a symbol of its own for each key that merges.
    const value = typeof node.value === "symbol" ? String(node.value) : node.value;
    return [...shared, value, node.source, node.type, node.anchor, node.format];
  }
  return isCollection(node) ? [...shared, node.anchor, node.flow, node.items.map(nodeAsData)] : shared;
}

const same = (text: string) => {
  for (const form of forms) assert.deepEqual(onePass(text, form), twoPasses(text, form), JSON.stringify(text));
};

describe("the documents of a YAML text", () => {
  it("are those of two passes for the project's own files", () => {
    const files = [".github", "stacks", "fleet", "test/fixtures"].flatMap((folder) =>
      readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    const texts = files
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => readFileSync(join(checkout, name), "utf8"));
    assert.ok(texts.length > 50, String(texts.length));
    for (const text of texts) same(text);
  });

  it("are those of two passes for any data", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 8 }), { maxLength: 3 }), (values) => {
        same(values.map((value) => stringify(value)).join("---\n"));
      }),
    );
  });

  it("are those of two passes for any text, whether it is YAML or not", () => {
    const parts = [
      ...["a", "b c", "1", "~", ": ", ":", "- ", "-", "? ", ", ", "\n", "\n  ", "\n    ", " ", "\t", "\r\n", "\r"],
      ...[
        "{",
        "}",
        "[",
        "]",
        "---\n",
        "--- ",
        "...\n",
        "%YAML 1.1\n",
        "%TAG ! x\n",
        "&x ",
        "*x",
        "!t ",
        "!!str ",
        "<<: ",
      ],
      ...["|\n", ">-\n", "|2\n", '"', "'", "\\", "\\n", "# c\n", " #", "\ufeff", "\u0000", "@", "é", "🙂"],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 40 }), (chosen) => same(chosen.join(""))),
      { numRuns: 2000 },
    );
  });

  it("are not read from a text that nests too deep, in every way to nest", () => {
    const lineCounter = new LineCounter();
    for (const text of ["[".repeat(200_000), "- ".repeat(200_000), "? ".repeat(200_000), "{a: ".repeat(200_000)]) {
      assert.equal(readDocuments(text, { maxDepth: 32, lineCounter }), undefined);
    }
    const deepest = ["[".repeat(31), "]".repeat(31)].join("");
    assert.equal(readDocuments(deepest, { maxDepth: 32, lineCounter })?.length, 1);
    assert.equal(readDocuments(`[${deepest}]`, { maxDepth: 32, lineCounter }), undefined);
  });
});
