import assert from "node:assert/strict";
import { type OutputForm, printers } from "../../../../review/document/print.js";
import { maxCharacters, printWithin } from "../../../../review/document/print-within.js";
import type { ProgramChange } from "../../../../review/document/program-entries.js";
import { review } from "../../../../review/document/review.js";
import { planOf } from "../../../support/unit/plans.js";

const plan = planOf([]);
const documentOf = (program: readonly ProgramChange[]) =>
  review({
    base: "main (1234567)",
    head: "working tree (89abcde)",
    stacks: [{ stack: "staging", before: plan, after: plan }],
    program,
  });
const changed = (...paths: readonly string[]): ProgramChange[] => paths.map((path) => ({ kind: "changed", path }));

describe("the entry about a changed program", () => {
  it("is absent when no file of it changed", () => {
    assert.deepEqual(documentOf([]).entries, []);
  });

  it("names the files in each form, the same in any order, beside the sentence that nothing else is registered", () => {
    const changes: ProgramChange[] = [
      { kind: "removed", path: "lib/old.ts" },
      { kind: "added", path: "cli/new.ts" },
      { kind: "changed", path: "index.ts" },
    ];
    const document = documentOf(changes);
    assert.deepEqual(documentOf(changes.toReversed()), document);
    const text = printers.text(document);
    assert.match(
      text,
      /\n\nProgram\n {2}Changed: the program itself, 3 files: read them, [^,]+\n {4}- cli\/new\.ts is added\n {4}- index\.ts\n {4}- lib\/old\.ts is removed\n/,
    );
    assert.match(text, /No stack registers anything else than before\./);
    assert.match(
      printers.markdown(document),
      /\n### Program\n\n- \*\*Changed:\*\* the program itself, 3 files: [^\n]+\n\n {2}<details><summary>the files<\/summary>\n\n {2}- `cli\/new\.ts` is added\n/,
    );
    const { entries } = JSON.parse(printers.json(document)) as { readonly entries: readonly object[] };
    assert.deepEqual(entries, [
      {
        section: "program",
        effect: "changed",
        sentence: "the program itself, 3 files: read them, because a program can register something else in an update",
        targets: [],
        details: ["cli/new.ts is added", "index.ts", "lib/old.ts is removed"],
        fields: [],
      },
    ]);
  });

  it("shows no name of a file as Markdown", () => {
    const text = printers.markdown(documentOf(changed("lib/`@octocat`\n# x.ts")));
    assert.match(text, /\n {2}- ``lib\/`@octocat`\\n# x\.ts``\n/);
  });

  it("counts the files of each folder that it does not name", () => {
    const names = Array.from({ length: 203 }, (_, index) => `lib/${String(index).padStart(3, "0")}.ts`);
    const [entry] = documentOf(changed(...names, "zz.ts")).entries;
    assert.equal(entry?.details.length, 202);
    assert.match(printers.text(documentOf(changed(...names, "zz.ts"))), /\n {4}- 3 more in lib\n {4}- 1 more in \.\n/);
  });

  it("keeps its sentence in a document that is cut, before all entries about stacks", () => {
    const names = Array.from({ length: 200 }, (_, index) => `lib/${"x".repeat(400)}${index}.ts`);
    for (const form of ["markdown", "text", "json"] satisfies OutputForm[]) {
      const text = printWithin(documentOf(changed(...names)), printers[form], maxCharacters);
      assert.ok(text.length <= maxCharacters);
      assert.match(text, /the program itself, 200 files/);
    }
  });
});
