import ts from "typescript";
import { functionName } from "./function-name.js";
import { isMochaCallback } from "./mocha-callback.js";
import { partOf } from "./part.js";

/** The most lines of a function that is not long. */
export const LONGEST_SHORT_FUNCTION = 50;

/** A function that is longer than {@link LONGEST_SHORT_FUNCTION}. */
export interface LongFunction {
  readonly path: string;
  /** First line, from 1. */
  readonly line: number;
  readonly name: string;
  /** From the first line of the signature to the last line of the body, doc comments left out. */
  readonly lines: number;
}

/**
 * The long functions of a file: function declarations and expressions, arrow functions, methods, accessors and
 * constructors. A function inside another one counts for itself as well as within it. In tests, functions that are
 * passed to mocha are left out.
 */
export function longFunctions(file: ts.SourceFile): readonly LongFunction[] {
  const found: LongFunction[] = [];
  const inTests = partOf(file.fileName) === "tests";
  const visit = (node: ts.Node): void => {
    if (isFunctionWithBody(node) && !(inTests && isMochaCallback(node))) {
      const line = lineAt(file, node.getStart(file));
      const lines = lineAt(file, node.end) - line + 1;
      if (lines > LONGEST_SHORT_FUNCTION) found.push({ path: file.fileName, line, name: functionName(node), lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isFunctionWithBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

function lineAt(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}
