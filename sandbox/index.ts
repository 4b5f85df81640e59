/** The sandbox: everything that the platform needs, on this machine, started and ended by these functions. */

export { SandboxError } from "./lib/sandbox-error.js";
export { type DownOptions, down } from "./lifecycle/down.js";
export { type EnvironmentOptions, sandboxEnvironment } from "./lifecycle/environment.js";
export { type PartStatus, type ProcessStatus, type SandboxStatus, status } from "./lifecycle/status.js";
export { organisation, type UpOptions, type UpResult, up } from "./lifecycle/up.js";
export { stateDirectory } from "./state/state-directory.js";
