import { readFile, writeFile } from "node:fs/promises";
import { type Document, parseDocument } from "yaml";

/** Changes a YAML file and keeps what the change does not touch, comments too. */
export async function editYaml(file: string, change: (document: Document) => void): Promise<void> {
  const document = parseDocument(await readFile(file, "utf8"));
  change(document);
  await writeFile(file, String(document));
}
