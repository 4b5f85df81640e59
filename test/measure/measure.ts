import { type Duplicates, findDuplicates } from "./duplicated-blocks.js";
import { type FolderImports, folderImports } from "./folder-imports.js";
import { type FolderLines, folderLines } from "./folder-lines.js";
import { type LongFunction, longFunctions } from "./long-functions.js";
import type { Checkout } from "./read-checkout.js";
import { languageOf, parse } from "./source.js";

/** The numbers of a checkout's code. */
export interface Measures {
  readonly folders: readonly FolderLines[];
  /** The longest first. */
  readonly longFunctions: readonly LongFunction[];
  readonly imports: readonly FolderImports[];
  readonly duplicates: Duplicates;
}

/** Measures the code of a checkout. */
export function measure({ sources, packages }: Checkout): Measures {
  const files = sources.filter(({ path }) => languageOf(path) === "TypeScript").map(parse);
  const others = sources.filter(({ path }) => languageOf(path) === "Go or shell");
  return {
    folders: folderLines(files, others),
    longFunctions: files.flatMap(longFunctions).toSorted((a, b) => b.lines - a.lines),
    imports: folderImports(files, packages),
    duplicates: findDuplicates(files),
  };
}
