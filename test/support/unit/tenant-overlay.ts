import assert from "node:assert/strict";
import { dayOf } from "../../../lib/time/calendar-day.js";
import { soundSettings, soundTree } from "./checkout-tree.js";
import { older } from "./lock-checkout.js";
import { runFleet } from "./run-fleet.js";
import { readTree } from "./tree-files.js";

/** Path of the overlay of {@link checkoutWithOverlay}. */
export const overlay = "stacks/staging/tenants/team-a.yaml";
/** Its text. */
export const overlayText = "# Of staging.\nsync:\n  # Soon.\n  interval: 30s # fast\n";

/** Files of a checkout whose tenant team-a has an overlay with comments on staging. @param base the tenant's base file */
export function checkoutWithOverlay(base: string): Readonly<Record<string, string>> {
  return {
    ...soundTree,
    "Pulumi.staging.yaml": soundSettings(),
    "Pulumi.prod-eu.yaml": soundSettings(),
    "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
    "stacks/base/tenants/team-a.yaml": base,
    [overlay]: overlayText,
  };
}

/** A day from now, as files have it. */
export function inDays(days: number): string {
  return dayOf(Date.now() + days * 24 * 60 * 60 * 1000);
}

/** A call of `fleet tenant` that is refused: the arguments, the exit code and the message. */
export type RefusedCall = readonly [args: readonly string[], code: number, message: RegExp];

/** Tests that calls of `fleet tenant` are refused, and change no file. @param rootOf returns the checkout of the test */
export function refuseCalls(rootOf: () => string, calls: readonly RefusedCall[]): void {
  for (const [args, code, message] of calls) {
    it(`change nothing for: ${args.join(" ")}`.replaceAll("\n", " "), async () => {
      const root = rootOf();
      const before = readTree(root);
      const result = await runFleet(root, "tenant", ...args);
      assert.deepEqual([result.code, result.out], [code, ""]);
      assert.match(result.err, message);
      assert.deepEqual(readTree(root), before);
    });
  }
}
