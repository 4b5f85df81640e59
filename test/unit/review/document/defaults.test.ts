import assert from "node:assert/strict";
import { review } from "../../../../review/document/review.js";
import { recordStack } from "../../../../review/record/record-stack.js";
import { fixtures } from "../../../support/fixtures.js";
import { load } from "../../../support/unit/checkout-tree.js";

/** The document of a change of files, on a stack with three tenants of which two are in a group. */
async function documentOf(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const tenants = Object.fromEntries(
    ["team-a", "team-b", "team-c"].flatMap((name) => [
      [`stacks/base/tenants/${name}.yaml`, `name: ${name}\n${name === "team-a" ? "" : "group: web\n"}`],
      [`stacks/staging/tenants/${name}.yaml`, ""],
    ]),
  );
  const plan = (changes: Readonly<Record<string, string>>) => {
    const spec = load({ files: { ...tenants, "stacks/groups/web.yaml": "", ...changes } });
    return recordStack({ root: fixtures, spec, config: {} });
  };
  // One after the other: there is one engine in a process.
  const stack = { stack: "staging", before: await plan(before), after: await plan(after) };
  return review({ base: "main (1234567)", head: "working tree (89abcde)", stacks: [stack] });
}

describe("a changed default in the document of a change", () => {
  it("of a stack is one entry for all its tenants", async () => {
    const document = await documentOf({}, { "stacks/staging/defaults.yaml": "sync: {timeout: 7m}\n" });
    assert.deepEqual(
      document.entries.map(({ section, targets }) => [section, targets.length]),
      [["tenants", 3]],
    );
  });

  it("of a group is one entry for the tenants of the group", async () => {
    const document = await documentOf({}, { "stacks/groups/web.yaml": "sync: {timeout: 7m}\n" });
    assert.deepEqual(
      document.entries.map(({ section, targets }) => [section, targets.length]),
      [["tenants", 2]],
    );
  });

  it("that changes nothing has no entry", async () => {
    const document = await documentOf({}, { "stacks/staging/defaults.yaml": "sync: {timeout: 3m}\n" });
    assert.deepEqual(document.entries, []);
  });
});
