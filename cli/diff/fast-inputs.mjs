import { createRequire } from "node:module";

/** Stands for a value that only the SDK can write. */
const notPlain = Symbol("not plain");

/**
 * Has Pulumi's SDK write inputs that are plain data at once. It waits for each value within them, and looks at each for
 * outputs, assets and resources. Inputs that have any are left to it. The result is the same.
 * @param rpc the module of the SDK. @default - that of this checkout
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/sdk/nodejs/runtime/rpc.ts serializeProperty
 */
export function speedUpInputs(rpc = ownRpc()) {
  const { serializeProperties, serializeResourceProperties } = rpc;

  rpc.serializeProperties = async (label, props, opts) => {
    const { plain, others } = split(props);
    const written = isEmpty(others) ? {} : await serializeProperties(label, others, opts);
    return join(Object.keys(props), plain, written);
  };

  rpc.serializeResourceProperties = async (label, props, opts) => {
    const { id: _id, urn: _urn, ...inputs } = props;
    const { plain, others } = split(inputs);
    const [written, dependencies] = isEmpty(others)
      ? [{}, new Map()]
      : await serializeResourceProperties(label, others, opts);
    const joined = join(Object.keys(inputs), plain, written);
    // Plain data depends on nothing.
    return [joined, new Map(Object.keys(joined).map((key) => [key, dependencies.get(key) ?? new Set()]))];
  };
}

function ownRpc() {
  const require = createRequire(import.meta.url);
  // Its modules import one another, so the first one is the package's own.
  require("@pulumi/pulumi");
  return require("@pulumi/pulumi/runtime/rpc");
}

/** The inputs that are plain data, written, and all others as they are. */
function split(props) {
  const plain = new Map();
  const others = {};
  for (const [key, value] of Object.entries(props)) {
    const written = writtenPlain(value);
    if (written === notPlain) others[key] = value;
    else plain.set(key, written);
  }
  return { plain, others };
}

/** All written inputs in their order, without those that are undefined. */
function join(keys, plain, written) {
  const joined = {};
  for (const key of keys) {
    // An input may have the name of what all objects inherit.
    const other = Object.hasOwn(written, key) ? written[key] : undefined;
    const value = plain.has(key) ? plain.get(key) : other;
    if (value !== undefined) joined[key] = value;
  }
  return joined;
}

function isEmpty(object) {
  return Object.keys(object).length === 0;
}

/** Plain data as the SDK writes it, as a copy: without functions and undefined fields, with null for undefined items. */
function writtenPlain(value) {
  if (typeof value === "function") return undefined;
  if (value === null || ["undefined", "boolean", "number", "string"].includes(typeof value)) return value;
  if (Array.isArray(value)) return writtenList(value);
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? writtenObject(value) : notPlain;
}

function writtenList(values) {
  const written = [];
  for (const value of values) {
    const item = writtenPlain(value);
    if (item === notPlain) return notPlain;
    written.push(item === undefined ? null : item);
  }
  return written;
}

function writtenObject(object) {
  const written = {};
  for (const key of Object.keys(object)) {
    // The SDK knows its objects by such fields, whatever their class is.
    const value = key.startsWith("__pulumi") ? notPlain : writtenPlain(object[key]);
    if (value === notPlain) return notPlain;
    if (value !== undefined) written[key] = value;
  }
  return written;
}
