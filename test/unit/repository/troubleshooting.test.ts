import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/unit/fleet.js";
import { policies } from "../../support/unit/policies.js";
import { ourFiles } from "./our-files.js";

/** All pages with messages, as one text. */
const page = ourFiles()
  .filter((file) => /^docs\/troubleshooting(?:\/.*)?\.md$/.test(file))
  .map((file) => readFileSync(join(root, file), "utf8"))
  .join("\n");

/** The product's source, without the backslashes before quotes: the text that readers see. */
const source = ourFiles()
  .filter((file) => /\.(?:ts|mjs)$/.test(file) && !/(?:^|\/)test\//.test(file))
  .map((file) => printed(readFileSync(join(root, file), "utf8")))
  .join("\n");

/** Header of the first column of the tables that quote this program; others quote Kubernetes, Pulumi and so on. */
const header = "Message";

/** The fewest letters by which a message can be found. */
const least = 10;

describe("the text of the troubleshooting pages", () => {
  const messages = quotedMessages(page);

  it("quotes each message as the source has it", () => {
    const stale = messages.filter((message) => fixedParts(message).some((part) => !source.includes(part)));
    assert.deepEqual(stale, []);
  });

  it("quotes enough of each message to find it", () => {
    assert.ok(messages.length > 0);
    const short = messages.filter((message) => fixedParts(message).join("").length < least);
    assert.deepEqual(short, []);
  });

  it("has no row outside of a table, where no reader and no test would see it", () => {
    const lines = page.split("\n").filter((line) => line.startsWith("|"));
    const inTables = tables(page).reduce((sum, { rows }) => sum + 2 + rows.length, 0);
    assert.equal(inTables, lines.length);
  });

  it("quotes no message twice in one table", () => {
    const repeated = tables(page).flatMap(({ rows }) => {
      const first = rows.map(([cell = ""]) => cell);
      return first.filter((cell, index) => first.indexOf(cell) < index);
    });
    assert.deepEqual(repeated, []);
  });

  it("has every admission policy", () => {
    const names = policies().map(({ policy }) => policy.metadata.name);
    assert.deepEqual(
      names.filter((name) => !page.includes(`\`${name}\``)),
      [],
    );
  });

  it("is read correctly: tables of the program alone, escaped quotes, the parts around what differs", () => {
    const text = [
      "| Message | Action |\n|---|---|\n| `a … b`, or `c` | `d` |",
      "| Message of npm | Action |\n|---|---|\n| `e` | `f` |",
    ].join("\n\n");
    assert.deepEqual(quotedMessages(text), ["a … b", "c"]);
    assert.deepEqual(fixedParts("… is the namespace of … already"), ["is the namespace of", "already"]);
    assert.equal(printed(String.raw`"the tenant\\'s \"file\""`), `"the tenant's "file""`);
    assert.ok(!source.includes("words that no message has"));
  });
});

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a Markdown text, cell by cell. */
function tables(text: string): Table[] {
  const found = text.matchAll(/^(\|.*\|)\n\|[-| ]+\|\n((?:\|.*\|(?:\n|$))+)/gm);
  return [...found].map(([, first = "", rest = ""]) => ({
    header: cells(first),
    rows: rest.trimEnd().split("\n").map(cells),
  }));
}

function cells(row: string): string[] {
  return row
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

/** Every quoted text in the first column of the tables that quote this program. */
function quotedMessages(text: string): string[] {
  return tables(text)
    .filter((table) => table.header[0] === header)
    .flatMap(({ rows }) => rows.flatMap(([cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)]))
    .map(([, message = ""]) => message);
}

/** The parts of a message that do not differ from case to case. */
function fixedParts(message: string): string[] {
  return message
    .split("…")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function printed(code: string): string {
  return code.replaceAll(/\\+(["'`])/g, "$1");
}
