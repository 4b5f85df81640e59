import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JobError } from "../explain.js";

/** Folders and files that `npm run golden` writes. */
const goldenFolders = ["test/unit/golden"];
const goldenFiles = ["test/fixtures/resources.json"];

/** Writes the golden inventories of a checkout. @throws JobError with the output of the program */
export type WriteGolden = (root: string) => Promise<void>;

/** `npm run golden`, without npm. */
export const runGolden: WriteGolden = async (root) => {
  const env = { ...process.env, UPDATE_GOLDEN: "1" };
  const mocha = join(root, "node_modules", ".bin", "mocha");
  const child = spawn(mocha, ["test/unit/golden/golden.test.ts"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new JobError(`npm run golden failed, so nothing was written:\n${Buffer.concat(output).toString().trim()}`);
};

/** The texts of all golden files by path. Empty in a checkout without them. */
export function readGolden(root: string): ReadonlyMap<string, string> {
  const inFolders = goldenFolders.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder)).flatMap((name) => (name.endsWith(".json") ? [`${folder}/${name}`] : []));
  });
  const files = [...inFolders, ...goldenFiles.filter((file) => existsSync(join(root, file)))];
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** Puts the golden files back as they were. */
export function restoreGolden(root: string, before: ReadonlyMap<string, string>): void {
  for (const file of readGolden(root).keys()) if (!before.has(file)) rmSync(join(root, file));
  for (const [file, text] of before) writeFileSync(join(root, file), text);
}

/** The golden files that differ from an earlier state. */
export function changedGolden(root: string, before: ReadonlyMap<string, string>): readonly string[] {
  const after = readGolden(root);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .sort();
}
