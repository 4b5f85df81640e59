import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SECURITY_DOCUMENT, withSecurityTables } from "./security-table.js";

/** `npm run security-table`: writes the tables of docs/security.md anew. */
const file = join(import.meta.dirname, "..", "..", SECURITY_DOCUMENT);
writeFileSync(file, withSecurityTables(readFileSync(file, "utf8")));
console.log(`wrote ${SECURITY_DOCUMENT}`);
