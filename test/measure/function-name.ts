import ts from "typescript";

/** The display name of a function: its own, that of its variable or field, or the function that it is passed to. */
export function functionName(node: ts.FunctionLikeDeclaration): string {
  const { parent } = node;
  const own = ts.isConstructorDeclaration(node) ? "constructor" : node.name?.getText();
  if (own !== undefined) return ts.isClassLike(parent) ? `${parent.name?.text ?? "(class)"}.${own}` : own;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name.getText();
  }
  return (ts.isCallExpression(parent) && argumentOf(parent.expression)) || "(anonymous)";
}

/** `list.map` → `(argument of map)`; nothing if the called function has no name. */
function argumentOf(callee: ts.Expression): string | undefined {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  return ts.isIdentifier(name) ? `(argument of ${name.text})` : undefined;
}
