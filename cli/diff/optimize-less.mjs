import { setFlagsFromString } from "node:v8";

/**
 * Has V8 optimize a function when it has run for 15 times as long as usual. A recording is short: optimized code costs more
 * than it saves, a quarter of the processor time. A much larger fleet still gets it.
 *
 * V8 prints an error for a flag that it does not have. Version 11 (Node 20) counts time in bytes of bytecode, and version 13
 * (Node 24) calls. Version 12 (Node 22) has not been tried, and stays as it is.
 */
export function optimizeLess() {
  const version = Number.parseInt(process.versions.v8, 10);
  if (version === 11) setFlagsFromString("--interrupt-budget=1000000");
  if (version >= 13) setFlagsFromString("--invocation-count-for-turbofan=45000");
}
