import { createRequire } from "node:module";

/** Packages that the SDK loads at each start and uses to serialize functions only, which this program never does. */
const rarelyUsed = ["@npmcli/arborist", "typescript"];

/** Has packages of Pulumi's SDK loaded when they are first used: they cost a tenth of the program's processor time. */
export function loadLazily() {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
  for (const name of rarelyUsed) addStandIn(sdk, name);
}

/** Puts a stand-in for a package into the cache of `require`. It has the package's properties. */
function addStandIn(require, name) {
  const path = require.resolve(name);
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[path];
      loaded = require(path);
    }
    return loaded;
  };
  // The SDK would copy the properties of anything else than an ES module, and so load the package.
  const get = (_, key) => (key === "__esModule" ? true : load()[key]);
  require.cache[path] = { id: path, filename: path, loaded: true, exports: new Proxy({}, { get }), children: [] };
}
