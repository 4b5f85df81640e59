/** The tests of the main job: one sandbox for all of them, so that mocha runs them as one file. */
import { importTests } from "../support/e2e/import-tests.js";

await importTests(import.meta.dirname, "main-job");
