import { createRequire } from "node:module";

/** URL of the program's folder, with a slash at its end. */
const root = new URL("../../", import.meta.url).href;

/** Frames of a resource's stack trace that the state keeps. The program's own traces have ten at most. */
const mostFrames = 16;

/**
 * Has Pulumi's SDK do less for people who debug it. It sends three messages for each resource to the engine, which shows
 * them with `--debug` only, and takes a stack trace for each of four promises of each output. Both were 40 % of the
 * processor time of a large stack. `FLEET_SDK_DEBUG` brings the messages back, and whole stack traces of resources.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/log/index.ts
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/runtime/debuggable.ts
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/resource.ts
 */
export function quietSdk({ FLEET_SDK_DEBUG: debug, PULUMI_DEBUG_PROMISE_LEAKS: leaks }) {
  const require = createRequire(import.meta.url);
  if (!debug) require("@pulumi/pulumi/log").debug = async () => undefined;
  if (!leaks) withoutTraces(require("@pulumi/pulumi/runtime/debuggable"));
  if (!debug) withShortTraces(require("@pulumi/pulumi/resource").Resource);
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
 * Has the SDK send the first frame, which is the position of the resource, and after it the program's own frames that have
 * a position. The SDK gives none to anonymous functions. Shorter traces only save space: an SDK without them is left as it is.
 */
function withShortTraces(Resource) {
  const { stackTrace } = Resource;
  if (typeof stackTrace !== "function") return;
  Resource.stackTrace = (skip) => {
    // This function is one frame more.
    const frames = stackTrace.call(Resource, skip + 1);
    return frames.filter((frame, index) => index === 0 || isOfProgram(frame)).slice(0, mostFrames);
  };
}

function isOfProgram(frame) {
  if (frame === undefined) return false;
  const { uri } = frame;
  // The program itself may lie below a folder node_modules.
  const path = uri.startsWith(root) ? uri.slice(root.length - 1) : uri;
  return !path.includes("/node_modules/");
}
