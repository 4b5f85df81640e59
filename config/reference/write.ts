import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { REFERENCE_DOCUMENT, withFieldReference } from "./field-tables.js";
import { jsonSchemas } from "./json-schema.js";

/**
 * Everything in the checkout that is generated from the schemas, by its path: JSON Schemas and the field reference.
 *
 * @param root folder that has `stacks/` and `docs/`
 */
export function generatedFiles(root: string): Readonly<Record<string, string>> {
  const document = readFileSync(path.join(root, REFERENCE_DOCUMENT), "utf8");
  return { ...jsonSchemas(), [REFERENCE_DOCUMENT]: withFieldReference(document) };
}

const thisFile = fileURLToPath(import.meta.url);
if (process.argv[1] === thisFile) {
  const root = path.resolve(path.dirname(thisFile), "../..");
  for (const [file, text] of Object.entries(generatedFiles(root))) {
    writeFileSync(path.join(root, file), text);
    console.log(`wrote ${file}`);
  }
}
