/** Patterns of the product's unit tests and the sandbox's. */
export const unitTests: readonly string[] = ["test/unit/**/*.test.ts", "sandbox/test/unit/**/*.test.ts"];

/** Folders whose test files one file imports: `test/e2e/FOLDER.ts`. The slowest comes first. */
export const sharedFolders: readonly string[] = ["fleet", "main-job", "tenant", "admission"];

const [slowest, ...otherFolders] = sharedFolders;

/**
 * Patterns of the attacks and end-to-end tests. The files that take longest come first: the run ends with the last of
 * them.
 */
export const endToEnd: readonly string[] = [
  `test/e2e/${slowest}.ts`,
  "test/attacks/**/*.test.ts",
  ...otherFolders.map((folder) => `test/e2e/${folder}.ts`),
  `test/e2e/!(${sharedFolders.join("|")})/**/*.test.ts`,
  "sandbox/test/e2e/**/*.test.ts",
];

/** Patterns of the tests in a browser. `npm test` leaves them out, because they need Debian's Chromium. */
export const browserTests: readonly string[] = ["test/report/*.test.ts"];
