/** Hook of Node's module loader: the bundle stands in the place of index.ts. */
let bundle;

/** @param data the URL of index.ts, and the bundle's text */
export function initialize(data) {
  bundle = data;
}

export function load(url, context, next) {
  return url === bundle.url ? { format: "module", source: bundle.source, shortCircuit: true } : next(url, context);
}
