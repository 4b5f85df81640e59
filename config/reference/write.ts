import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { REFERENCE_TABLES, withReferenceTables } from "./field-tables.js";
import { jsonSchemas } from "./json-schema.js";

/**
 * Everything in the checkout that is generated from the schemas, by its path: the JSON Schemas and the reference tables.
 *
 * @param root folder that has `stacks/` and `docs/`
 */
export function generatedFiles(root: string): Readonly<Record<string, string>> {
  const documents = Object.keys(REFERENCE_TABLES).map((file) => {
    const document = readFileSync(path.join(root, file), "utf8");
    return [file, withReferenceTables(file, document)] as const;
  });
  return { ...jsonSchemas(), ...Object.fromEntries(documents) };
}

const thisFile = fileURLToPath(import.meta.url);
if (process.argv[1] === thisFile) {
  const root = path.resolve(path.dirname(thisFile), "../..");
  for (const [file, text] of Object.entries(generatedFiles(root))) {
    writeFileSync(path.join(root, file), text);
    console.log(`wrote ${file}`);
  }
}
