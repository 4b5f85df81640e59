/** Variable that names the file for the totals. */
export const totalsVariable = "FLEET_TEST_TOTALS";

/** The result that a run of mocha writes at its end; a crashed run writes none. */
export interface Totals {
  readonly passed: number;
  /** The failed tests: the full name, and the beginning of the error. */
  readonly failures: readonly string[];
  /** Tests that were not run on purpose; there should be none. */
  readonly pending: number;
}
