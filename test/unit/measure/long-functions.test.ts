import assert from "node:assert/strict";
import { longFunctions } from "../../measure/long-functions.js";
import { parse } from "../../measure/source.js";
import { statements } from "./lines.js";

/** Each finding as `line name lines`. */
function found(text: string, path = "lib/x.ts"): readonly string[] {
  return longFunctions(parse({ path, text })).map(({ line, name, lines }) => `${line} ${name} ${lines}`);
}

/** With its first and its last line 51 lines long. */
const body = `{\n${statements(49)}}`;

describe("a long function", () => {
  it("is none of 50 lines, whatever stands before it", () => {
    assert.deepEqual(found(`function f() {\n${statements(48)}}\n`), []);
    assert.deepEqual(found(`/**\n * Doc.\n */\n\n// One.\nfunction f() {\n${statements(48)}}\n`), []);
  });

  it("is no class, no long list, and no signature without body", () => {
    const members = Array.from({ length: 60 }, (_, index) => `  m${index}() {}\n`).join("");
    const parameters = Array.from({ length: 60 }, (_, index) => `  p${index}: string,\n`).join("");
    assert.deepEqual(found(`class A {\n${members}}\n`), []);
    assert.deepEqual(found(`const list = [\n${parameters.replaceAll(": string", "")}];\n`), []);
    assert.deepEqual(
      found(`declare function f(\n${parameters}): void;\ninterface I {\n  m(\n${parameters}): void;\n}\n`),
      [],
    );
  });

  it("is one of 51 lines, reported at its first line", () => {
    assert.deepEqual(found(`/** Doc. */\nexport async function f() ${body}\n`), ["2 f 51"]);
  });

  for (const [what, text, name] of [
    ["a method", `class A { m() ${body} }`, "A.m"],
    ["a method of a class without name", `const a = [class { m() ${body} }];`, "(class).m"],
    ["a constructor", `class A { constructor() ${body} }`, "A.constructor"],
    ["an accessor", `class A { get b() ${body} }`, "A.b"],
    ["a field's function", `class A { b = () => ${body}; }`, "b"],
    ["an object's method", `const a = { m() ${body} };`, "m"],
    ["an object's function", `const a = { b: () => ${body} };`, "b"],
    ["an arrow function", `const f = () => ${body};`, "f"],
    ["a function expression", `const f = function () ${body};`, "f"],
    ["a function expression with a name", `const f = function g() ${body};`, "g"],
    ["an argument", `list.map(() => ${body});`, "(argument of map)"],
    ["a function called at once", `(() => ${body})();`, "(anonymous)"],
    ["an argument of what has no name", `f()(() => ${body});`, "(anonymous)"],
  ] as const) {
    it(`may be ${what}`, () => assert.deepEqual(found(text), [`1 ${name} 51`]));
  }

  it("counts in addition to its enclosing function", () => {
    assert.deepEqual(found(`function f() {\nconst g = () => ${body};\n}\n`), ["1 f 53", "2 g 51"]);
  });
});

describe("a long function that is passed to mocha", () => {
  const path = "test/unit/x.test.ts";

  it("counts where no test is", () => {
    assert.deepEqual(found(`before(() => ${body});`), ["1 (argument of before) 51"]);
  });

  it("counts when it is only below one, or passed to something like mocha", () => {
    assert.deepEqual(found(`describe("a", () => {\n  const f = () => ${body};\n});`, path), ["2 f 51"]);
    assert.deepEqual(found(`it("a", wrapped(() => ${body}));`, path), ["1 (argument of wrapped) 51"]);
    assert.deepEqual(found(`describePolicy(() => ${body});`, path), ["1 (argument of describePolicy) 51"]);
    assert.deepEqual(found(`list.it(() => ${body});`, path), ["1 (argument of it) 51"]);
  });

  for (const name of ["describe", "it", "before", "afterEach", "describe.only", "it.skip"]) {
    it(`does not count: ${name}`, () => assert.deepEqual(found(`${name}("a", async function () ${body});`, path), []));
  }

  it("does not count when a timeout follows", () => {
    assert.deepEqual(found(`it("a", () => ${body}).timeout(5);`, path), []);
  });
});
