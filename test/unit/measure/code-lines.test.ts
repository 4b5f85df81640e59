import assert from "node:assert/strict";
import ts from "typescript";
import { codeLines } from "../../measure/code-lines.js";
import { parse } from "../../measure/source.js";

function linesOf(text: string, isExcluded?: (node: ts.Node) => boolean): readonly string[] {
  return codeLines(parse({ path: "x.ts", text }), isExcluded).map(({ number, text }) => `${number} ${text}`);
}

describe("the lines of code of a file", () => {
  it("are none in an empty file, and none in comments", () => {
    assert.deepEqual(linesOf(""), []);
    assert.deepEqual(linesOf("#!/usr/bin/env node\n/** Doc. */\n\n// One.\n/*\n two();\n*/\n"), []);
  });

  it("have no comment, wherever it stands", () => {
    const text = "/** Doc. */\nf( // One.\n  /* two */ 2,\n  3 /* three\n  */, 4);\n// End.\n";
    assert.deepEqual(linesOf(text), ["2 f(", "3 2,", "4 3", "5 , 4);"]);
  });

  it("keep what only looks like a comment", () => {
    const text = ['a("// no");', "b(/\\/\\* no/);", "c(`", `// \${/* yes */ d} no`, "`);"].join("\n");
    assert.deepEqual(linesOf(text), [
      '1 a("// no");',
      "2 b(/\\/\\* no/);",
      "3 c(`",
      `4 // \${          d} no`,
      "5 `);",
    ]);
  });

  it("are the same with line breaks of another system", () => {
    assert.deepEqual(linesOf("a();\r\n// One.\r\nb();\r\n"), ["1 a();", "3 b();"]);
  });

  it("lack what is excluded, on lines of its own or not", () => {
    const text = 'import {\n  a,\n} from "a";\nimport b from "b"; a();\n';
    assert.deepEqual(linesOf(text, ts.isImportDeclaration), ["4 a();"]);
  });
});
