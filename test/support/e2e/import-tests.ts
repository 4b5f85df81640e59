import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports every test file of a folder, for a file that stands for all of them in mocha's parallel mode.
 *
 * A file that cannot be loaded is a failed test. If its error left this function, mocha would report one of its own: it
 * loads the importing file by `require` first, and that forbids the `await`.
 * @throws when the folder has no tests: that must not pass for success
 */
export async function importTests(directory: string, folder: string): Promise<void> {
  const files = readdirSync(join(directory, folder)).filter((file) => file.endsWith(".test.ts"));
  if (files.length === 0) throw new Error(`${folder} has no tests`);
  for (const file of files.sort()) {
    try {
      await import(pathToFileURL(join(directory, folder, file)).href);
    } catch (error) {
      it(`${folder}/${file} can be loaded`, () => {
        throw error;
      });
    }
  }
}
