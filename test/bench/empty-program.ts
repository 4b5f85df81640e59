import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../cli/checkout.js";

/**
 * Writes a Pulumi program that does nothing, with the SDK of the checkout.
 * @param directory an empty directory
 * @returns the directory
 */
export async function writeEmptyProgram(directory: string): Promise<string> {
  const files = {
    "Pulumi.yaml": "name: fleet\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
    "package.json": '{ "type": "module" }\n',
    "index.js": "export {};\n",
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  await symlink(join(checkout, "node_modules"), join(directory, "node_modules"));
  return directory;
}
