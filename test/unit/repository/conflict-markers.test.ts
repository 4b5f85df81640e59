import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

/** The lines that `git merge` leaves around a conflict: seven characters, and for two of them a name. */
const marker = /^(?:<{7} .*|={7}|>{7} .*)$/m;

describe("the files of the repository", () => {
  it("have no marks of a conflict", () => {
    for (const line of [`${"<".repeat(7)} HEAD`, "=".repeat(7), `${">".repeat(7)} main`]) assert.match(line, marker);
    const marked = ourFiles().filter((file) => marker.test(readFileSync(join(root, file), "utf8")));
    assert.deepEqual(marked, []);
  });
});
