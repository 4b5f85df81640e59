import { createRequire } from "node:module";

/** Frames of a resource's stack trace that the state keeps. The program's own traces have ten at most. */
const mostFrames = 16;

/**
 * Has Pulumi's SDK do less for people who debug it. It sends three messages for each resource to the engine, which shows
 * them with `--debug` only, and takes a stack trace for each of four promises of each output. Both were 40 % of the
 * processor time of a large stack. `FLEET_SDK_DEBUG` brings the messages back.
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/log/index.ts
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/runtime/debuggable.ts
 * @see https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/resource.ts
 */
export function quietSdk({ FLEET_SDK_DEBUG: debug, PULUMI_DEBUG_PROMISE_LEAKS: leaks }) {
  const require = createRequire(import.meta.url);
  if (!debug) require("@pulumi/pulumi/log").debug = async () => undefined;
  if (!leaks) withoutTraces(require("@pulumi/pulumi/runtime/debuggable"));
  withShortTraces(require("@pulumi/pulumi/resource").Resource);
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

/**
 * Has the SDK send the frames of the program alone. Frames of packages and frames without a position are the same for every
 * resource. The first frame is the position of the resource, whether it has one or not.
 */
function withShortTraces(Resource) {
  const { stackTrace } = Resource;
  Resource.stackTrace = (skip) => {
    // This function is one frame more.
    const frames = stackTrace.call(Resource, skip + 1);
    return frames.filter((frame, index) => index === 0 || isOfProgram(frame)).slice(0, mostFrames);
  };
}

function isOfProgram(frame) {
  return frame !== undefined && !frame.uri.includes("/node_modules/");
}
