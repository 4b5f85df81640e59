import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SECURITY_TABLES, withSecurityTables } from "../../attacks/security-table.js";

for (const [file, tables] of Object.entries(SECURITY_TABLES)) {
  const document = readFileSync(join(import.meta.dirname, "../../..", file), "utf8");

  describe(file, () => {
    it("is committed as `npm run security-table` generates it", () => {
      assert.equal(document, withSecurityTables(file, document), "run npm run security-table, and commit the result");
    });

    for (const { mark } of tables) {
      it(`cannot lose the table "${mark}" unseen`, () => {
        const without = document.replace(`<!-- /${mark} -->`, "");
        assert.throws(() => withSecurityTables(file, without), new RegExp(`lacks the lines <!-- ${mark}`));
      });
    }
  });
}
