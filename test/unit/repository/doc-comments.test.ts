import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

/** The beginning of a declaration at the top of a file, as the formatter writes it. `export { a } from` declares nothing. */
const declaration =
  /^export (?:default |declare |abstract |async )*(?:(?<overloads>function)\*? |const (?:enum )?|let |class |interface |type (?!\{)|enum )(?<name>[\w$]+|[[{])/gm;

describe("the exports of a file", () => {
  it("all have a doc comment", () => {
    // Pulumi calls what index.ts exports; nothing imports it.
    const sources = ourFiles().filter((file) => /(?<!\.test)\.tsx?$/.test(file) && file !== "index.ts");
    const found = sources.flatMap((file) => undocumented(file, readFileSync(join(root, file), "utf8")));
    assert.deepEqual(found, []);
  });

  for (const [what, text, expected] of [
    ["nothing before it", "export const a = 1;\n", ["x.ts:1 a"]],
    ["a comment of another kind", "// One.\nexport function a() {}\n", ["x.ts:2 a"]],
    ["a doc comment of something else", "/** One. */\nconst b = 1;\n\nexport class A {}\n", ["x.ts:4 A"]],
    ["its doc comment", "/** One. */\nexport interface A {}\n", []],
    ["its doc comment of many lines", "/**\n * One.\n */\nexport abstract class A {}\n", []],
    ["one for all its signatures", "/** One. */\nexport function a(): 1;\nexport function a(b?: 1) {}\n", []],
  ] as const) {
    it(`are checked correctly with ${what}`, () => {
      assert.deepEqual(undocumented("x.ts", text), expected);
    });
  }
});

/** Each finding as `file:line name`, of which editors and terminals make a link. */
function undocumented(file: string, text: string): readonly string[] {
  const declarations = [...text.matchAll(declaration)].map(({ index, groups }) => ({
    index,
    name: groups?.name ?? "",
    isFunction: groups?.overloads !== undefined,
  }));
  return (
    declarations
      .filter(({ index }) => !/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.test(text.slice(0, index)))
      // The first signature of an overloaded function has the comment for the others.
      .filter(
        ({ index, name, isFunction }) =>
          !(isFunction && declarations.some((one) => one.name === name && one.index < index)),
      )
      .map(({ index, name }) => `${file}:${text.slice(0, index).split("\n").length} ${name}`)
  );
}
