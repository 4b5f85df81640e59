import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports every test file of a folder, for a file that stands for all of them in mocha's parallel mode.
 * @param order names of files that come first, without `.test.ts`. @default none: all are sorted by name
 *
 * A file that cannot be loaded is a failed test. If its error left this function, mocha would report one of its own: it
 * loads the importing file by `require` first, and that forbids the `await`.
 * @throws when the folder has no tests: that must not pass for success
 */
export async function importTests(directory: string, folder: string, order: readonly string[] = []): Promise<void> {
  const files = readdirSync(join(directory, folder)).filter((file) => file.endsWith(".test.ts"));
  if (files.length === 0) throw new Error(`${folder} has no tests`);
  const first = order.map((name) => `${name}.test.ts`);
  for (const file of [...first, ...files.filter((name) => !first.includes(name)).sort()]) {
    try {
      await import(pathToFileURL(join(directory, folder, file)).href);
    } catch (error) {
      it(`${folder}/${file} can be loaded`, () => {
        throw error;
      });
    }
  }
}
