/** The oldest version that works, as package.json's `engines` say. Renovate leaves it as it is. */
export const oldestVersion = "20.19.0";

/** The tested release of each supported line of Node. Renovate moves each within its line. */
export const supportedLines = {
  22: "22.23.3",
  24: "24.21.0",
  26: "26.10.0",
} as const;

/** All versions that are tested, the oldest first. */
export const testedVersions: readonly string[] = [oldestVersion, ...Object.values(supportedLines)];

/**
 * The tested versions that a user asks for: all, or those that a word is or begins (`22`, `20.19`, `24.21.0`).
 * @throws Error naming a word that is no tested version
 */
export function selectVersions(words: readonly string[]): readonly string[] {
  const unknown = words.find((word) => !testedVersions.some((version) => isOf(word, version)));
  if (unknown !== undefined) {
    throw new Error(`Node ${JSON.stringify(unknown)} is not tested here. Name one of: ${testedVersions.join(", ")}.`);
  }
  if (words.length === 0) return testedVersions;
  return testedVersions.filter((version) => words.some((word) => isOf(word, version)));
}

function isOf(word: string, version: string): boolean {
  return `${version}.`.startsWith(`${word}.`);
}
