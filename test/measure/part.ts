/** The parts of the project that are measured apart, in the order of the report. */
export const PARTS = ["product", "sandbox", "tests"] as const;

/** One part of the project. */
export type Part = (typeof PARTS)[number];

/**
 * The part that a file belongs to. Tests are all files below a folder called `test`, at any depth, and all files called
 * `*.test.*`: the sandbox's own tests stay tests wherever they are.
 */
export function partOf(path: string): Part {
  const names = path.split("/");
  if (names.includes("test") || /\.test\.\w+$/.test(path)) return "tests";
  return names[0] === "sandbox" ? "sandbox" : "product";
}

/** The top-level folder of a file; a file at the root stands for itself. */
export function topFolderOf(path: string): string {
  return path.split("/")[0] ?? path;
}
