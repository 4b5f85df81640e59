import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defaultsFile, groupFile, tenantFileInGroup, tenantOverlay } from "../tenant/schema.js";
import { jsonSchemaOf, REFERENCE_TABLES, withReferenceTables } from "./field-tables.js";

/** JSON Schemas for editors, by the path they are committed at. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const base = {
    // A tenant without a group has nothing to take away with null; no editor can know the group.
    ...jsonSchemaOf(tenantFileInGroup),
    title: "Tenant",
    description: "What a tenant is on every stack: stacks/base/tenants/TEAM.yaml.",
  };
  const overlay = {
    ...jsonSchemaOf(tenantOverlay),
    title: "Tenant on one stack",
    description:
      "How a tenant differs on one stack: stacks/STACK/tenants/TEAM.yaml. The tenant is on the stack because this file exists, be it empty.",
  };
  const group = {
    ...jsonSchemaOf(groupFile),
    title: "Defaults of a group",
    description:
      "What every tenant that names the group has unless its own files say otherwise: stacks/groups/NAME.yaml.",
  };
  const defaults = {
    ...jsonSchemaOf(defaultsFile),
    title: "Defaults of a stack",
    description:
      "What every tenant of a stack has unless its overlay says otherwise: stacks/STACK/defaults.yaml. It goes before the base file.",
  };
  return {
    "stacks/tenant-group.schema.json": `${JSON.stringify(group, undefined, 2)}\n`,
    "stacks/tenant-defaults.schema.json": `${JSON.stringify(defaults, undefined, 2)}\n`,
    "stacks/tenant.schema.json": `${JSON.stringify(base, undefined, 2)}\n`,
    "stacks/tenant-overlay.schema.json": `${JSON.stringify(overlay, undefined, 2)}\n`,
  };
}

/**
 * Everything in the checkout that is generated from the schemas, by its path: the JSON Schemas and the reference tables.
 * @param root folder that has `stacks/` and `docs/`
 */
export function generatedFiles(root: string): Readonly<Record<string, string>> {
  const documents = Object.keys(REFERENCE_TABLES).map((file) => [
    file,
    withReferenceTables(file, readFileSync(path.join(root, file), "utf8")),
  ]);
  return { ...jsonSchemas(), ...Object.fromEntries(documents) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(import.meta.dirname, "../..");
  for (const [file, text] of Object.entries(generatedFiles(root))) {
    writeFileSync(path.join(root, file), text);
    console.log(`wrote ${file}`);
  }
}
