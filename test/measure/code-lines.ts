import ts from "typescript";

/** A line with code on it. */
export interface CodeLine {
  /** From 1. */
  readonly number: number;
  /** Without comments and surrounding white space. */
  readonly text: string;
}

/**
 * The lines of a file that hold more than white space and comments. Template literals are code, whatever they contain.
 * @param isExcluded nodes whose lines are left out. @default none
 */
export function codeLines(file: ts.SourceFile, isExcluded: (node: ts.Node) => boolean = () => false): CodeLine[] {
  let code = "";
  let end = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node) || isExcluded(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      for (const child of children) visit(child);
      return;
    }
    const start = node.getStart(file);
    code += blanked(file.text.slice(end, start)) + file.text.slice(start, node.end);
    end = node.end;
  };
  visit(file);
  return code
    .split("\n")
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter(({ text }) => text !== "");
}

/** The same line breaks, and spaces for everything else. */
function blanked(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
