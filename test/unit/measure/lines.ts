/** As many statements, one a line, each with a number of its own from `from` on. */
export function statements(count: number, from = 1): string {
  return Array.from({ length: count }, (_, index) => `call(${from + index});\n`).join("");
}
