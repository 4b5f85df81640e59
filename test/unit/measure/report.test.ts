import assert from "node:assert/strict";
import { measure } from "../../measure/measure.js";
import { renderReport } from "../../measure/report.js";
import { renderTable } from "../../measure/table.js";
import { statements } from "./lines.js";

describe("a table without borders", () => {
  it("is its head alone without rows", () => {
    assert.equal(renderTable(["Part", "Lines"], []), "Part  Lines");
  });

  it("aligns numbers at the right, and ends no line with a space", () => {
    const table = renderTable(
      ["Lines", "Place"],
      [
        [7, "a.ts"],
        ["", "longer.ts"],
        [12, "b.ts"],
      ],
    );
    assert.equal(table, "Lines  Place\n    7  a.ts\n       longer.ts\n   12  b.ts");
  });
});

describe("the report of the code's numbers", () => {
  const sources = [
    { path: "lib/a.ts", text: `function short() {\n${statements(50)}}\n` },
    { path: "lib/b.ts", text: `// One.\n\n${statements(5)}` },
    { path: "sandbox/main.go", text: "package main\n" },
    { path: "test/a.ts", text: `import "../lib/a.js";\nfunction long() {\n${statements(60, 40)}}\n` },
  ];
  const report = renderReport(measure({ sources, packages: new Map() }));

  it("prints zeros for an empty part", () => {
    const empty = renderReport(measure({ sources: [], packages: new Map() }));
    assert.match(empty, /^product +all( +0){4}$/m);
    assert.match(empty, /product 0, sandbox 0, tests 0\n/);
    assert.match(empty, /^all( +0){2}$/m);
  });

  it("has lines by folder, and the total of each part and of all", () => {
    assert.match(report, /^product +lib +2 +59 +57 +0$/m);
    assert.match(report, /^product +all +2 +59 +57 +0$/m);
    assert.match(report, /^sandbox +all +0 +0 +0 +1$/m);
    assert.match(report, /^all +all +3 +122 +120 +1$/m);
  });

  it("lists long functions with their places, the product's first", () => {
    assert.match(report, /product 1, sandbox 0, tests 1\n/);
    assert.match(report, /^product +52 +lib\/a\.ts:1 +short\ntests +62 +test\/a\.ts:2 +long$/m);
  });

  it("has the imports between folders", () => {
    assert.match(report, /^test -> lib: 1$/m);
  });

  it("counts a block in each part that has a place of it, and once in the total", () => {
    assert.match(report, /^product +1 +11\nsandbox +0 +0\ntests +1 +11\nall +1 +22$/m);
    assert.match(report, /^ +11 +lib\/a\.ts:41-51\n +test\/a\.ts:3-13$/m);
  });

  it("lists the ten largest blocks alone", () => {
    const block = (index: number) => `${statements(6 + index, 100 * index)}end${index}();\n`;
    const blocks = Array.from({ length: 11 }, (_, index) => block(index));
    const twice = [
      { path: "lib/a.ts", text: blocks.join("") },
      { path: "lib/b.ts", text: blocks.toReversed().join("") },
    ];
    const many = renderReport(measure({ sources: twice, packages: new Map() }));
    assert.match(many, /^all +11 /m);
    assert.equal([...many.matchAll(/^ +\d+ +lib\/a\.ts:/gm)].length, 10);
    assert.doesNotMatch(many, /^ +7 +lib/m);
  });
});
