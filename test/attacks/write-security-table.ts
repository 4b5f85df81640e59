import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SECURITY_TABLES, withSecurityTables } from "./security-table.js";

/** `npm run security-table`: generates the tables of docs/security again. */
for (const document of Object.keys(SECURITY_TABLES)) {
  const file = join(import.meta.dirname, "..", "..", document);
  writeFileSync(file, withSecurityTables(document, readFileSync(file, "utf8")));
  console.log(`wrote ${document}`);
}
