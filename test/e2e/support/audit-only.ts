import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { copyProgram } from "./program-copy.js";
import type { TestSandbox } from "./sandbox.js";

/**
 * A copy of the program whose admission policies only tell: for tests of what stands behind them, which with the
 * policies in force nobody reaches.
 * @returns the copy's folder
 */
export async function programThatOnlyAudits(sandbox: TestSandbox, stack: string): Promise<string> {
  const directory = await copyProgram(await sandbox.scratch("audit-only"));
  const file = join(directory, `Pulumi.${stack}.yaml`);
  const settings = parseDocument(await readFile(file, "utf8"));
  settings.setIn(["config", "fleet:admission"], "audit");
  await writeFile(file, String(settings));
  return directory;
}
