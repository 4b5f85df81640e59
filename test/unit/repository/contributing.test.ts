import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/unit/fleet.js";

/** The files and lines of the first example of a change: `// FILE: reason`, and then lines with a plus sign. */
function exampleOf(text: string): ReadonlyMap<string, readonly string[]> {
  const [, diff = ""] = /^```diff\n([\s\S]*?)^```$/m.exec(text) ?? [];
  const files = diff.split(/^ \/\/ /m).slice(1);
  return new Map(
    files.map((part) => {
      const [head = "", ...lines] = part.split("\n");
      const added = lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1).trim());
      return [/^[^:\s]+/.exec(head)?.[0] ?? "", added] as const;
    }),
  );
}

describe("the field of a tenant file that CONTRIBUTING.md adds", () => {
  const example = exampleOf(readFileSync(join(root, "CONTRIBUTING.md"), "utf8"));

  it("is added by hand in at most three files besides its test", () => {
    const files = [...example.keys()];
    assert.ok(files.length >= 3, files.join());
    assert.ok(files.filter((file) => !file.startsWith("test/")).length <= 3, files.join());
  });

  it("is in the code as the example shows it", () => {
    for (const [file, added] of example) {
      const lines = new Set(
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .map((line) => line.trim()),
      );
      assert.ok(added.length > 0, file);
      assert.deepEqual(
        added.filter((line) => !lines.has(line)),
        [],
        file,
      );
    }
  });
});
