/** The tests of tenant files: one `pulumi up` makes the tenants of all of them, so that mocha runs them as one file. */
import { importTests } from "../support/e2e/import-tests.js";

await importTests(import.meta.dirname, "tenant");
