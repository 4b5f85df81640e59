import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ParsedNode, parseDocument } from "yaml";

/**
 * Changes a YAML file of a copy of the program: settings of a stack, or a tenant's file.
 * @param program folder of the copy, never the checkout
 * @param fields path of each field → its value
 */
export async function editYaml(
  program: string,
  file: string,
  fields: readonly (readonly [path: readonly string[], value: unknown])[],
): Promise<void> {
  const path = join(program, file);
  const document = parseDocument<ParsedNode, false>(await readFile(path, "utf8"));
  for (const [field, value] of fields) document.setIn(field, document.createNode(value));
  await writeFile(path, String(document));
}
