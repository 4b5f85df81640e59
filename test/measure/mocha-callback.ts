import ts from "typescript";

const mochaFunctions = new Set(["describe", "context", "it", "specify", "before", "after", "beforeEach", "afterEach"]);

/** Whether a function is passed to a function of mocha, as in `it("…", () => {})` and `describe.only("…", () => {})`. */
export function isMochaCallback(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isCallExpression(parent)) return false;
  const [, name = ""] = /^(\w+)(?:\.only|\.skip)?$/.exec(parent.expression.getText()) ?? [];
  return mochaFunctions.has(name);
}
