import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { fleetError } from "../lib/diagnostics/problem.js";

/** File that lists the writes of a command, while it writes. */
export const JOURNAL_FILE = ".fleet-writing.json";
const NEW = ".fleet-new";

/** The text of a file before and after a command. */
export interface Write {
  readonly file: string;
  /** Null for a file that the command creates. */
  readonly before: string | null;
  /** Null for a file that the command removes. */
  readonly after: string | null;
}

/** The changes of a file system, for tests that end them in the middle. */
export interface Disk {
  readonly write: (path: string, text: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** Gives a file a name that must be free. */
  readonly link: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly makeFolder: (path: string) => void;
  readonly removeFolder: (path: string) => void;
}

const realDisk: Disk = {
  write: (path, text) => writeFileSync(path, text),
  rename: renameSync,
  link: linkSync,
  remove: (path) => rmSync(path, { force: true }),
  makeFolder: (path) => mkdirSync(path),
  removeFolder: (path) => rmdirSync(path),
};

const journal = z.array(z.object({ file: z.string(), before: z.string().nullable(), after: z.string().nullable() }));

/**
 * Writes all files or none. A journal with all texts comes first, by one rename, and goes last. A command that is killed
 * before that rename has written nothing, and {@link completeWrites} finishes one that is killed after it. Each file takes its
 * text by a rename as well, so no file ever has half of it.
 * @throws Error of the file system, or of a file that has changed meanwhile; then nothing is written
 */
export function writeFiles(root: string, writes: readonly Write[], disk: Disk = realDisk): void {
  if (writes.length === 0) return;
  for (const write of writes) requireBefore(root, write);
  const path = join(root, JOURNAL_FILE);
  disk.write(path + NEW, JSON.stringify(writes));
  disk.rename(path + NEW, path);
  const undo: (() => void)[] = [];
  try {
    for (const write of writes) writeOne(root, write, disk, undo);
  } catch (error) {
    for (const step of undo.toReversed()) step();
    disk.remove(path);
    throw error;
  }
  disk.remove(path);
}

/**
 * Finishes the writes of a command that was killed. Does nothing where there was none.
 * @returns the files of that command
 * @throws FleetError with a file that was changed since
 */
export function completeWrites(root: string, disk: Disk = realDisk): readonly string[] {
  const path = join(root, JOURNAL_FILE);
  if (existsSync(path + NEW)) disk.remove(path + NEW);
  if (!existsSync(path)) return [];
  const writes = readJournal(path);
  const open = writes.filter(({ file, after }) => textOf(root, file) !== after);
  for (const { file, before } of open) {
    if (textOf(root, file) === before) continue;
    const message = `was changed after a command was killed that had begun to write it`;
    throw fleetError(file, "", message, `Put the files of that command back by Git, and remove ${JOURNAL_FILE}`);
  }
  for (const write of open) writeOne(root, write, disk, []);
  for (const { file, before } of writes) if (before === null) disk.remove(join(root, file) + NEW);
  disk.remove(path);
  return writes.map(({ file }) => file);
}

/** @throws FleetError when a command was killed while it wrote, and its files are not complete */
export function requireComplete(root: string): void {
  if (!existsSync(join(root, JOURNAL_FILE))) return;
  const message = "is of a command that was killed while it wrote its files";
  throw fleetError(JOURNAL_FILE, "", message, "Run the command without --dry-run, which completes them first");
}

function readJournal(path: string): readonly Write[] {
  try {
    return journal.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const fix = "Look by Git which files differ, and remove it";
    throw Object.assign(fleetError(JOURNAL_FILE, "", "is no list of files to write", fix), { cause: error });
  }
}

function requireBefore(root: string, { file, before }: Write): void {
  if (before === null) {
    if (lstatSync(join(root, file), { throwIfNoEntry: false }) !== undefined) throw new Error(`EEXIST: ${file} exists`);
    return;
  }
  if (readFileSync(join(root, file), "utf8") !== before) throw new Error(`${file} was changed meanwhile`);
}

function textOf(root: string, file: string): string | null {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** Gives one file its new text. @param undo gets the steps that put the former one back */
function writeOne(root: string, { file, before, after }: Write, disk: Disk, undo: (() => void)[]): void {
  if (after === null) {
    removeOne(join(root, file), before ?? "", disk, undo);
    return;
  }
  if (before === null) makeFolders(dirname(join(root, file)), disk, undo);
  // The file behind a symbolic link is the one to write.
  const path = before === null ? join(root, file) : realpathSync(join(root, file));
  undo.push(() => disk.remove(path + NEW));
  disk.write(path + NEW, after);
  if (before === null) {
    // A file that another program has written by now is an error, and stays.
    disk.link(path + NEW, path);
    undo.push(() => disk.remove(path));
    disk.remove(path + NEW);
    return;
  }
  chmodSync(path + NEW, statSync(path).mode);
  undo.push(() => disk.write(path, before));
  disk.rename(path + NEW, path);
}

/** Removes a file. Its folder stays. @param text of the file @param undo gets the step that puts it back */
function removeOne(path: string, text: string, disk: Disk, undo: (() => void)[]): void {
  const { mode } = statSync(path);
  undo.push(() => {
    disk.write(path, text);
    chmodSync(path, mode);
  });
  disk.remove(path);
}

/** Creates a folder and those around it, each to be removed again. */
function makeFolders(path: string, disk: Disk, undo: (() => void)[]): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  makeFolders(dirname(path), disk, undo);
  disk.makeFolder(path);
  undo.push(() => disk.removeFolder(path));
}
