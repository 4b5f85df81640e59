import assert from "node:assert/strict";
import { folderLines, sumOfLines } from "../../measure/folder-lines.js";
import { parse } from "../../measure/source.js";

const none = { files: 0, lines: 0, codeLines: 0, goAndShellLines: 0 };

describe("lines by folder", () => {
  it("are none without a file", () => {
    assert.deepEqual(folderLines([], []), []);
    assert.deepEqual(sumOfLines([]), none);
  });

  it("are none in an empty file, and one more where the last line does not end", () => {
    const counted = (text: string) => folderLines([parse({ path: "a.ts", text })], [])[0]?.lines;
    assert.deepEqual(["", "a();", "a();\n", "a();\nb();", "\n\n"].map(counted), [0, 1, 1, 2, 2]);
  });

  const files = [
    { path: "test/a.ts", text: "a();\n" },
    { path: "sandbox/test/a.ts", text: "a();\n" },
    { path: "sandbox/a.ts", text: "a();\n" },
    { path: "lib/a.ts", text: "// One.\n\na();\n" },
    { path: "lib/data/b.ts", text: "b();\n" },
    { path: "index.ts", text: "a();\n" },
  ].map(parse);
  const counts = folderLines(files, [
    { path: "sandbox/main.go", text: "package main\n\n" },
    { path: "scripts/run.sh", text: "exit\n" },
  ]);

  it("are those of each part, and in it of each top-level folder", () => {
    assert.deepEqual(counts, [
      { part: "product", folder: "index.ts", ...none, files: 1, lines: 1, codeLines: 1 },
      { part: "product", folder: "lib", ...none, files: 2, lines: 4, codeLines: 2 },
      { part: "product", folder: "scripts", ...none, goAndShellLines: 1 },
      { part: "sandbox", folder: "sandbox", files: 1, lines: 1, codeLines: 1, goAndShellLines: 2 },
      { part: "tests", folder: "sandbox", ...none, files: 1, lines: 1, codeLines: 1 },
      { part: "tests", folder: "test", ...none, files: 1, lines: 1, codeLines: 1 },
    ]);
  });

  it("add up", () => {
    assert.deepEqual(sumOfLines(counts), { files: 6, lines: 8, codeLines: 6, goAndShellLines: 3 });
  });
});
