/** The words of a list that commas join: `ann,bob`. */
export function splitList(text: string): readonly string[] {
  return [...new Set(text.split(",").map((word) => word.trim()))].filter((word) => word !== "");
}
