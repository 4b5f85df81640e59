import { randomUUID } from "node:crypto";
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { type ReadPage, reportInPage } from "../../operate/report/page-data.js";
import type { Report } from "../../operate/report/report.js";

/** The place of a page. */
export interface PagePlace {
  readonly file: string;
  /** Whether the page takes the place of a file that is there. */
  readonly replaces: boolean;
  /** The report that the file holds now. @default - none */
  readonly earlier?: Report;
}

/**
 * Checks the place of a page before the first request: the folder exists, and the file does not, or is an earlier report.
 * @returns why the page cannot be written, or its place
 */
export function pagePlace(file: string, force: boolean): PagePlace | { readonly problem: string } {
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory()) {
    return { problem: `the folder of ${file} does not exist. Create it: mkdir -p ${dirname(file)}` };
  }
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined && lstatSync(file, { throwIfNoEntry: false }) === undefined) return { file, replaces: false };
  if (!found?.isFile()) return { problem: `${file} is no file. Name another one.` };
  const read = reportInFile(file);
  if ("report" in read) return { file, replaces: true, earlier: read.report };
  if (force) return { file, replaces: true };
  return { problem: `${file} ${read.problem}, so it is not written over. Name another file, or add --force.` };
}

/** Reads the report of a file, or why it holds none. */
export function reportInFile(file: string): ReadPage {
  try {
    return reportInPage(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return { problem: `cannot be read: ${error.message}` };
  }
}

/**
 * Writes a page whole, or not at all.
 * @throws FleetError if a file of this name has come since, or if the folder takes none
 */
export function writePage({ file, replaces }: PagePlace, page: string): void {
  const part = `${file}.${randomUUID()}.part`;
  try {
    writeFileSync(part, page, { flag: "wx" });
    if (replaces) renameSync(part, file);
    else linkSync(part, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code !== "EEXIST") throw fleetError(file, "", `cannot be written: ${error.message}`, "Name another file");
    throw fleetError(file, "", "exists since a moment, so it is not written over", "Run the command again");
  } finally {
    rmSync(part, { force: true });
  }
}
