/** The tests of admission on a cluster without a fleet: one cluster for all of them, so that mocha runs them as one file. */
import { importTests } from "../support/e2e/import-tests.js";

await importTests(import.meta.dirname, "admission");
