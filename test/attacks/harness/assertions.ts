import assert from "node:assert/strict";
import { waitFor } from "../../support/e2e/wait-for.js";
import type { Attempt, Credential } from "../attack.js";
import { carryOut, type Outcome } from "./carry-out.js";
import type { TestFleet } from "./test-fleet.js";

/**
 * ms that an attempt may take to come to a result: a request's answer is there as soon as the API server has noticed that
 * a control is gone, and its quotas have been counted anew.
 */
const patience = ({ kind }: Attempt): number => (kind === "request" ? 60_000 : 90_000);

/**
 * Carries an attempt out and waits until the tenant reads why it is refused. What it reads before may be another
 * refusal: the API server takes a moment to notice that a control is gone.
 * @throws at once when it goes through
 */
export async function refused(fleet: TestFleet, attempt: Attempt, by: Credential, message: RegExp): Promise<void> {
  const look = await carryOut(fleet, attempt, by);
  let outcome: Outcome = "";
  await waitFor(
    async () => {
      outcome = await look();
      return outcome === undefined || message.test(plain(outcome));
    },
    { timeout: patience(attempt), describe: () => `the tenant does not read ${message}, but: ${outcome}` },
  );
  assert.notEqual(outcome, undefined, "it went through");
}

/** Carries an attempt out and waits until it has gone through. */
export async function goesThrough(fleet: TestFleet, attempt: Attempt, by: Credential): Promise<void> {
  const look = await carryOut(fleet, attempt, by);
  let outcome: Outcome = "";
  await waitFor(
    async () => {
      outcome = await look();
      return outcome === undefined;
    },
    { timeout: patience(attempt), describe: () => `it is still refused: ${outcome}` },
  );
}

/** A message on one line and without escapes: Flux prints those of the API server with both. */
function plain(message: string): string {
  return message.replaceAll("\\", "").replace(/\s+/g, " ");
}
