import ts from "typescript";

/** A file with code. */
export interface Source {
  /** From the root of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A measured language. Go and shell are counted in lines; functions, imports and duplicates are those of TypeScript. */
export type Language = "TypeScript" | "Go or shell";

/** The language of a file by its name; JavaScript counts as TypeScript. Nothing for any other file. */
export function languageOf(path: string): Language | undefined {
  if (/\.(?:[cm]?[jt]s|tsx)$/.test(path)) return "TypeScript";
  return /\.(?:go|sh)$/.test(path) ? "Go or shell" : undefined;
}

/** The syntax tree of a TypeScript or JavaScript file; its `fileName` is the path. */
export function parse({ path, text }: Source): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
