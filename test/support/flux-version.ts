import { recipes } from "../../sandbox/toolchain/recipes.js";

/** The version of Flux that the sandbox builds and the example stacks install, with its `v`. */
export const fluxVersion = recipes.find(({ kind }) => kind === "flux-manifests")?.version ?? "none";
