import { setImmediate } from "node:timers/promises";
import type { RootHookObject } from "mocha";

/**
 * Makes an unhandled rejection fail the test that it happens in; mocha 12 lets it pass.
 *
 * Pulumi reports a resource that cannot be registered in no other way, so without this a component that is broken
 * under mocks looks as if it worked. Loaded by `require` in .mocharc.json, which also loads it for tests without mocks.
 */
export const mochaHooks: RootHookObject = {
  beforeAll() {
    process.on("unhandledRejection", rethrow);
  },
  async afterAll() {
    // Rejections of the last test are reported at the end of a turn of the event loop.
    await setImmediate();
    process.off("unhandledRejection", rethrow);
  },
};

/** Thrown from the listener it becomes an uncaught exception, which mocha does count. */
function rethrow(reason: unknown): never {
  throw reason instanceof Error ? reason : new Error(`rejected with ${String(reason)}`);
}
