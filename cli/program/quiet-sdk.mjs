import { createRequire } from "node:module";

/**
 * Has Pulumi's SDK do less for people who debug it. It sends three messages for each resource to the engine, which shows
 * them with `--debug` only, and takes a stack trace for each of four promises of each output. Both were 40 % of the
 * processor time of a large stack. `FLEET_SDK_DEBUG` brings the messages back.
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/log/index.ts
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/runtime/debuggable.ts
 */
export function quietSdk({ FLEET_SDK_DEBUG: debug, PULUMI_DEBUG_PROMISE_LEAKS: leaks }) {
  const require = createRequire(import.meta.url);
  if (!debug) require("@pulumi/pulumi/log").debug = async () => undefined;
  if (!leaks) withoutTraces(require("@pulumi/pulumi/runtime/debuggable"));
}

/** The SDK still notes each promise, and fails the update if one is left at the end. */
function withoutTraces(debuggable) {
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
