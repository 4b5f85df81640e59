/** Patterns of the product's unit tests and the sandbox's. */
export const unitTests: readonly string[] = ["test/unit/**/*.test.ts", "sandbox/test/unit/**/*.test.ts"];

/** Folders whose test files one file imports: `test/e2e/FOLDER.ts`. */
export const sharedFolders: readonly string[] = ["admission", "fleet", "main-job", "tenant"];

/**
 * Patterns of the attacks and end-to-end tests. The files that take longest come first: the run ends with the last of
 * them.
 */
export const endToEnd: readonly string[] = [
  "test/attacks/**/*.test.ts",
  "test/e2e/*.ts",
  `test/e2e/!(${sharedFolders.join("|")})/**/*.test.ts`,
  "sandbox/test/e2e/**/*.test.ts",
];
