import { createRequire } from "node:module";

/**
 * Modules that Pulumi's packages load at each start and this program never uses, by the package that loads them. They
 * serialize functions, run the engine, find files of manifests, and read the source maps of packages.
 */
const rarelyUsed = {
  "@pulumi/pulumi": ["./automation", "normalize-package-data", "source-map-support/register", "typescript"],
  "@pulumi/kubernetes": ["glob"],
};

/** Packages of functions and classes that the SDK only calls for `pulumi --tracing`. */
const forTracing = [
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
];

/**
 * The module by which the SDK finds the scripts of functions. At each start, it starts V8's debugger and waits for it. It
 * starts that again when a function is serialized.
 */
const scripts = "./runtime/closure/v8Hooks";

/** Has modules of Pulumi's packages loaded when they are first used: they cost a quarter of a start's processor time. */
export function loadLazily() {
  for (const [name, modules] of Object.entries(rarelyUsed)) {
    for (const module of modules) addStandIn(requireOf(name), module, propertyOf);
  }
  const sdk = requireOf("@pulumi/pulumi");
  for (const name of forTracing) addStandIn(sdk, name, lazyFunction);
  const nothing = async () => undefined;
  addStandIn(sdk, scripts, (load, key) => (key === "isInitializedAsync" ? nothing : propertyOf(load, key)));
}

/** The `require` of a package. */
function requireOf(name) {
  return createRequire(createRequire(import.meta.url).resolve(name));
}

/**
 * Puts a stand-in for a module into the cache of `require`.
 * @param property returns a property of the module, which a function loads
 */
function addStandIn(require, name, property) {
  const path = require.resolve(name);
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[path];
      loaded = require(path);
    }
    return loaded;
  };
  // The packages would copy the properties of anything else than an ES module, and so load it.
  const get = (_, key) => (key === "__esModule" ? true : property(load, key));
  require.cache[path] = { id: path, filename: path, loaded: true, exports: new Proxy({}, { get }), children: [] };
}

/** A property of a module. A module without ES exports is its own default export. */
function propertyOf(load, key) {
  const module = load();
  return key === "default" && module.__esModule !== true ? module : module[key];
}

/** A function or class that loads its module when it is called: the SDK reads all of them when it starts. */
function lazyFunction(load, key) {
  return new Proxy(class {}, {
    apply: (_, self, args) => Reflect.apply(load()[key], self, args),
    construct: (_, args) => Reflect.construct(load()[key], args),
    get: (_, property) => load()[key][property],
  });
}
