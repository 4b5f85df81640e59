import assert from "node:assert/strict";
import { parse } from "yaml";
import { printData } from "../../../../cli/output/print-data.js";

const output = {
  data: { tenants: [{ name: "team-a", error: "a | b" }] },
  tables: [{ title: "Tenants", head: ["Tenant", "Error"], rows: [["team-a", "a | b\n<script>\u202e"]] }],
};

describe("printData", () => {
  it("keeps text of others in its cell of a Markdown table, and visible", () => {
    const text = printData(output, "markdown");
    assert.equal(
      text,
      "### Tenants\n\n| Tenant | Error |\n|---|---|\n| team-a | a \\| b<br>\\<script\\>\\\\u{202e} |\n",
    );
  });

  it("shrinks the widest columns to the width of the terminal", () => {
    const rows = [["team-a", "an error ".repeat(40)]];
    const text = printData({ data: {}, tables: [{ head: ["Tenant", "Error"], rows }] }, "table", 60);
    for (const line of text.split("\n")) assert.ok([...line].length <= 60, line);
    assert.match(text, /team-a/);
  });

  it("puts values one below the other where the columns do not fit, without the empty ones", () => {
    const head = ["Stack", "Tenant", "Sync", "Ready", "Revision", "Applied", "Message"];
    const rows = [
      ["staging", "team-a", "jobs", "False", "", "", "one\ntwo"],
      ["staging", "team-b", "jobs", "True", "main", "", ""],
    ];
    const record = (...lines: readonly (readonly [string, string])[]) =>
      lines.map(([name, value]) => `${name.padEnd(10)}${value}\n`).join("");
    assert.equal(
      printData({ data: {}, tables: [{ head, rows }] }, "table", 60),
      [
        record(
          ["Stack:", "staging"],
          ["Tenant:", "team-a"],
          ["Sync:", "jobs"],
          ["Ready:", "False"],
          ["Message:", "one"],
          ["", "two"],
        ),
        record(
          ["Stack:", "staging"],
          ["Tenant:", "team-b"],
          ["Sync:", "jobs"],
          ["Ready:", "True"],
          ["Revision:", "main"],
        ),
      ].join("\n"),
    );
  });

  it("shows characters that would move the cursor as escapes", () => {
    const rows = [["\u001b[2J"]];
    assert.match(printData({ data: {}, tables: [{ head: ["Error"], rows }] }, "table", 60), /\\u\{1b\}\[2J/);
  });

  it("prints the data alone as JSON and YAML", () => {
    assert.deepEqual(JSON.parse(printData(output, "json")), output.data);
    assert.deepEqual(parse(printData(output, "yaml")), output.data);
  });
});
