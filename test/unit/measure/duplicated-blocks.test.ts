import assert from "node:assert/strict";
import { findDuplicates } from "../../measure/duplicated-blocks.js";
import { parse } from "../../measure/source.js";
import { statements } from "./lines.js";

function duplicates(files: Readonly<Record<string, string>>) {
  const { blocks, lines } = findDuplicates(Object.entries(files).map(([path, text]) => parse({ path, text })));
  return {
    blocks: blocks.map(({ lines, places }) =>
      [lines, ...places.map(({ path, first, last }) => `${path}:${first}-${last}`)].join(" "),
    ),
    lines: Object.fromEntries(lines),
  };
}

const nothing = { blocks: [], lines: {} };

describe("duplicated blocks", () => {
  it("are none without files, and none of five lines", () => {
    assert.deepEqual(duplicates({}), nothing);
    assert.deepEqual(duplicates({ "a.ts": statements(5), "b.ts": statements(5) }), nothing);
  });

  it("are none of imports, comments and punctuation", () => {
    const imports = Array.from({ length: 9 }, (_, index) => `import a${index} from "a";\n`).join("");
    const passedOn = Array.from({ length: 9 }, (_, index) => `export * from "a${index}";\n`).join("");
    const comments = "// One.\n".repeat(9);
    const brackets = `${"[\n".repeat(9)}${"],\n".repeat(8)}];\n`;
    const text = imports + passedOn + comments + brackets + statements(5);
    assert.deepEqual(duplicates({ "a.ts": text, "b.ts": text }), nothing);
  });

  it("do not go on from one file to the next", () => {
    const [head, tail] = [statements(3), statements(3, 4)];
    assert.deepEqual(duplicates({ "a.ts": head, "b.ts": tail, "c.ts": head, "d.ts": tail }), nothing);
  });

  it("are no declarations that are exported, which are no imports", () => {
    const text = `export { a };\n${statements(5)}`;
    assert.deepEqual(duplicates({ "a.ts": text, "b.ts": text }).blocks, ["6 a.ts:1-6 b.ts:1-6"]);
  });

  it("are found whatever is left out between their lines, and counted without it", () => {
    const indented = `if (a) {\n${statements(3).replaceAll(/^/gm, "    ")}\n\n// One.\n${statements(3, 4)}}\n`;
    assert.deepEqual(duplicates({ "a.ts": statements(6), "b.ts": indented }), {
      blocks: ["6 a.ts:1-6 b.ts:2-10"],
      lines: { "a.ts": 6, "b.ts": 6 },
    });
  });

  it("may stand in one file twice", () => {
    const text = `${statements(6)}between();\n${statements(6)}`;
    assert.deepEqual(duplicates({ "a.ts": text }), { blocks: ["6 a.ts:1-6 a.ts:8-13"], lines: { "a.ts": 12 } });
  });

  it("are reported once, the largest first, each of their lines counted once", () => {
    const files = { "a.ts": statements(8), "b.ts": statements(8), "c.ts": statements(6, 3) };
    assert.deepEqual(duplicates(files), {
      blocks: ["8 a.ts:1-8 b.ts:1-8", "6 a.ts:3-8 b.ts:3-8 c.ts:1-6"],
      lines: { "a.ts": 8, "b.ts": 8, "c.ts": 6 },
    });
  });

  it("are not reported again for a part of a longer block", () => {
    const same = "call();\n".repeat(20);
    assert.deepEqual(duplicates({ "a.ts": same }), { blocks: ["10 a.ts:1-10 a.ts:11-20"], lines: { "a.ts": 20 } });
  });
});
