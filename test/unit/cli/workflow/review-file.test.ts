import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { inertPhrase, readReviewFile } from "../../../../cli/workflow/review-file.js";
import type { ReviewDocument } from "../../../../review/document/document.js";
import { printers } from "../../../../review/document/print.js";
import { plainText } from "../../../../review/phrase.js";

const document: ReviewDocument = {
  base: "origin/main (0123abc)",
  head: "the working tree",
  stacks: ["staging"],
  notes: [["TENANT stands for the name"]],
  entries: [
    {
      section: "privileges",
      effect: "gained",
      sentence: [{ code: "team-search" }, " may now push to ", { code: "apps" }],
      targets: [{ stack: "staging", tenant: "team-search" }],
      details: [[{ code: "ann" }, " may push"]],
      fields: [{ path: "spec.limits", before: "1", after: "2" }],
    },
  ],
  cuts: [],
};

describe("the document of an untrusted run", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-review-"));
    file = join(folder, "review.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refused = (content: string, message: RegExp) => {
    writeFileSync(file, content);
    assert.throws(() => readReviewFile(file), message);
  };
  const changed = (change: object) => JSON.stringify({ ...JSON.parse(printers.json(document)), ...change });

  it("is refused when it is missing, empty, a link, a folder or too large", () => {
    assert.throws(() => readReviewFile(file), /is no file\.$/);
    assert.throws(() => readReviewFile(folder), /is no file\.$/);
    refused("", /is empty: fleet diff failed/);
    refused(" ".repeat(300_001), /has 300001 bytes, and at most 300000 are read\.$/);
    const link = join(folder, "link");
    symlinkSync("/etc/passwd", link);
    assert.throws(() => readReviewFile(link), /is no file\.$/);
  });

  it("is refused when it is anything else than the document, without a word of its content", () => {
    refused("@everyone", /^JobError: \S+ is no document of fleet diff --output json, at its start\.$/);
    refused("[]", /at its start\.$/);
    refused(changed({ base: 1 }), /at base\.$/);
    refused(changed({ stacks: ["@everyone"] }), /at stacks\.0\.$/);
    refused(changed({ entries: [{ section: "praise" }] }), /at entries\.0\.section\.$/);
    refused(changed({ cuts: [{ section: "rules", entries: -1, folded: 0 }] }), /at cuts\.0\.entries\.$/);
    refused(changed({ notes: ["x".repeat(20_001)] }), /at notes\.0\.$/);
  });

  it("says the same as the document that was printed", () => {
    writeFileSync(file, printers.json(document));
    const read = readReviewFile(file);
    assert.equal(printers.text(read), printers.text(document));
    assert.equal(printers.json(read), printers.json(document));
  });

  it("shows Markdown, HTML, names, numbers and addresses as they are", () => {
    const sentence = "ann and @acme/all approve #12: <img src=x> [free](https://evil.example) www.evil.example **now**";
    writeFileSync(file, changed({ notes: [sentence], entries: [] }));
    const printed = printers.markdown(readReviewFile(file));
    assert.match(
      printed,
      /^> ann and `@acme\/all` approve `#12: <img src=x> \[free\]\(https:\S+ www\.evil\.example \*\*now\*\*`\.$/m,
    );
  });

  it("keeps every character of a sentence, and only plain words outside of code", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (sentence) => {
        const phrase = inertPhrase(sentence);
        assert.equal(plainText(phrase), sentence);
        const words = phrase.filter((part) => typeof part === "string").join("");
        assert.match(words, /^[A-Za-z(),.;: -]*$/);
      }),
    );
    assert.deepEqual(inertPhrase("pods may reach 10.0.0.0/8 now, 5432 too"), [
      "pods may reach ",
      { code: "10.0.0.0/8" },
      " now, ",
      { code: "5432" },
      " too",
    ]);
  });
});
