/** The version of Flux that the sandbox builds and the example stacks install, with its `v`. */
export { fluxVersion } from "@fleet/sandbox/toolchain/recipes";
