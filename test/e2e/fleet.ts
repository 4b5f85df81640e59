/** The life of one fleet: one sandbox for all of its tests, so that mocha runs them as one file. */
import { importTests } from "../support/e2e/import-tests.js";

// The first four want a cluster without a fleet. Each of the others brings the stack up, or finds it up.
const order = [
  "bad-input",
  "join-too-early",
  "leftovers",
  "ownership",
  "second-cluster",
  "destroy",
  "drift",
  "git-tokens",
  "one-tenant",
  "flux-upgrade",
  "tenant-lifecycle",
  "owners",
];

await importTests(import.meta.dirname, "fleet", order);
