/** The sandbox: everything that the platform needs, on this machine, started and ended by these functions. */

export { SandboxError } from "./lib/sandbox-error.js";
export { type DownOptions, down } from "./lifecycle/down.js";
export { type EnvironmentOptions, hasNoState, sandboxEnvironment } from "./lifecycle/environment.js";
export { knownStacks, type PartStatus, type ProcessStatus, type SandboxStatus, status } from "./lifecycle/status.js";
export { organisation, prepareState, type UpOptions, type UpResult, up } from "./lifecycle/up.js";
export { stateDirectory } from "./state/state-directory.js";
