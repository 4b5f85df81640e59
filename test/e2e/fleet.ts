/** The life of one fleet: one sandbox for all of its tests, so that mocha runs them as one file. */
import { importTests } from "../support/e2e/import-tests.js";

// The first five want clusters without a fleet. Each of the others brings the stack up, or finds it up. The last one does
// not restore it.
const order = [
  "bad-input",
  "by-hand",
  "join-too-early",
  "leftovers",
  "ownership",
  "second-cluster",
  "promotion",
  "cluster-leaves",
  "destroy",
  "drift",
  "edited-program",
  "continue-on-error",
  "deleted-namespace",
  "key-rotation",
  "git-tokens",
  "github-app",
  "flux-upgrade",
  "tenant-lifecycle",
  "owners",
  "one-tenant",
];

await importTests(import.meta.dirname, "fleet", order);
