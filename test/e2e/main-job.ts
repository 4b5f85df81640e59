/** The tests of the main job: one sandbox for all of them, so that mocha runs them as one file. */
import { importTests } from "../support/e2e/import-tests.js";

// The others want the stack as the fixtures say; hand-over comes last.
const order = [
  "first-up",
  "live-diff",
  "policy-pack",
  "refused-push",
  "tenant-push",
  "tenants-ready",
  "fleet-audit",
  "platform-signatures",
];

await importTests(import.meta.dirname, "main-job", order);
