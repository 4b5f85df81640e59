import { createRequire } from "node:module";

/**
 * Has Pulumi's SDK do less for each resource, where the plan of a stack does not show it. All resources have the same inputs,
 * outputs and dependencies. A function that another version of the SDK does not have is left alone.
 * @param sdk modules of the SDK. @default - those of this checkout
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/runtime/rpc.ts transferProperties
 */
export function speedUpResources(sdk = ownSdk()) {
  replace(sdk.rpc, "transferProperties", createOutputsLater);
  replace(sdk.dependsOn, "getAllTransitivelyReferencedResourceURNs", findNoDependenciesOfNone);
  // A plan has no positions of resources in the program.
  replace(sdk.Resource, "stackTrace", () => () => []);
  if (sdk.state.getStore?.().leakCandidates instanceof Set) {
    replace(sdk.debuggable, "debuggablePromise", (note) => notePromisesAtOnce(note, sdk.state));
  }
}

function ownSdk() {
  const require = createRequire(import.meta.url);
  // Its modules import one another, so the first one is the package's own.
  const { Resource } = require("@pulumi/pulumi");
  return {
    Resource,
    rpc: require("@pulumi/pulumi/runtime/rpc"),
    dependsOn: require("@pulumi/pulumi/runtime/dependsOn"),
    debuggable: require("@pulumi/pulumi/runtime/debuggable"),
    state: require("@pulumi/pulumi/runtime/state"),
  };
}

function replace(module, name, replacement) {
  const { [name]: own } = module;
  if (typeof own === "function") module[name] = replacement(own);
}

/**
 * Creates the output of a resource's property when it is read first. Each output has some twenty promises, and few of a
 * stack are ever read.
 */
function createOutputsLater(transferProperties) {
  return (onto, label, props) => {
    const resolvers = {};
    for (const [key, value] of Object.entries(props)) {
      // The SDK handles these itself.
      if (key === "id" || key === "urn") continue;
      if (Object.hasOwn(onto, key)) throw new Error(`Property '${key}' is already initialized on target '${label}'`);
      resolvers[key] = outputLater(onto, key, () => transferProperties(onto, label, { [key]: value })[key]);
    }
    return resolvers;
  };
}

/**
 * Has a property create its output when it is read first.
 * @param create creates the output, and returns the function that resolves it
 * @returns the function that resolves the output, whether it exists yet or not
 */
function outputLater(onto, key, create) {
  let resolve;
  let result;
  const define = (property) => Object.defineProperty(onto, key, { ...property, enumerable: true, configurable: true });
  define({
    get: () => {
      delete onto[key];
      resolve = create();
      if (result !== undefined) resolve(...result);
      return onto[key];
    },
    set: (value) => define({ value, writable: true }),
  });
  return (...values) => {
    if (resolve !== undefined) resolve(...values);
    // As with a promise, the first one counts.
    else result ??= values;
  };
}

/** The SDK looks for the dependencies of each property, with a dozen promises for one that has none. */
function findNoDependenciesOfNone(find) {
  return async (resources, exclude) => (resources?.size === 0 ? new Set() : await find(resources, exclude));
}

/**
 * Notes each promise as the SDK does, which fails a process that ends before one of them. The SDK also notes where each was
 * made, for people who look for such a promise.
 */
function notePromisesAtOnce(note, { getStore }) {
  let watchesEnd = false;
  return (promise, context) => {
    if (!watchesEnd) {
      // The SDK begins to watch the end of the process with its first promise.
      watchesEnd = true;
      return note(promise, context);
    }
    const store = getStore();
    store.leakCandidates.add(promise);
    const forget = () => store.leakCandidates.delete(promise);
    return promise.then(
      (value) => {
        forget();
        return value;
      },
      (error) => {
        forget();
        error.promise = promise;
        throw error;
      },
    );
  };
}
