import { posix } from "node:path";
import ts from "typescript";
import { topFolderOf } from "./part.js";

/** An arrow from one top-level folder to another. */
export interface FolderImports {
  readonly from: string;
  readonly to: string;
  /** How many imports of `from` name a file of `to`. */
  readonly count: number;
}

/**
 * The imports between top-level folders: static and dynamic ones, those of types, and `export … from`. Relative paths
 * and names of the checkout's own packages are followed; other packages are left out.
 * @param packages names of the checkout's own packages → their folders from the root
 * @throws for a subpath import (`#…`): it would be missing from the counts
 */
export function folderImports(
  files: readonly ts.SourceFile[],
  packages: ReadonlyMap<string, string>,
): readonly FolderImports[] {
  const paths = new Set(files.map(({ fileName }) => fileName));
  const arrows = new Map<string, FolderImports>();
  for (const { fileName, text } of files) {
    for (const { fileName: specifier } of ts.preProcessFile(text, true, true).importedFiles) {
      const target = targetOf(fileName, specifier, packages);
      if (target === undefined) continue;
      const [from, to] = [topFolderOf(fileName), topFolderOf(sourceOf(target, paths))];
      if (from === to) continue;
      const id = `${from} -> ${to}`;
      arrows.set(id, { from, to, count: (arrows.get(id)?.count ?? 0) + 1 });
    }
  }
  return [...arrows.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, arrow]) => arrow);
}

/** The path that an import names, from the root of the checkout; nothing for a package that is not the checkout's. */
function targetOf(importer: string, specifier: string, packages: ReadonlyMap<string, string>): string | undefined {
  if (specifier.startsWith("#")) throw new Error(`${importer} imports ${specifier}: subpath imports are not followed.`);
  if (/^\.\.?(?:\/|$)/.test(specifier)) return posix.join(posix.dirname(importer), specifier);
  const own = [...packages].find(([name]) => specifier === name || specifier.startsWith(`${name}/`));
  return own && posix.join(own[1], `.${specifier.slice(own[0].length)}`);
}

/** `index.js`, as imports write it → `index.ts`, where that is the file. */
function sourceOf(target: string, paths: ReadonlySet<string>): string {
  const typescript = target.replace(/\.([cm]?)js$/, ".$1ts");
  return paths.has(typescript) ? typescript : target;
}
