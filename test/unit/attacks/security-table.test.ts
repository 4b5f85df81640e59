import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SECURITY_DOCUMENT, withSecurityTables } from "../../attacks/security-table.js";

const document = readFileSync(join(import.meta.dirname, "../../..", SECURITY_DOCUMENT), "utf8");

describe(SECURITY_DOCUMENT, () => {
  it("is what `npm run security-table` writes", () => {
    assert.equal(document, withSecurityTables(document), "run npm run security-table, and commit what it writes");
  });

  it("cannot lose a table unseen", () => {
    const without = document.replace("<!-- /attacks -->", "");
    assert.throws(() => withSecurityTables(without), /lacks the lines <!-- attacks/);
  });
});
