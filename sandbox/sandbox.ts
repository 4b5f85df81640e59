/** The sandbox: everything that the platform needs, on this machine, started and ended by these functions. */
export { type DownOptions, down } from "./down.js";
export { type EnvironmentOptions, sandboxEnvironment } from "./environment.js";
export { messageOf, SandboxError } from "./sandbox-error.js";
export { checkout, stateDirectory } from "./state-directory.js";
export { type PartStatus, type ProcessStatus, type SandboxStatus, status } from "./status.js";
export { organisation, type UpOptions, type UpResult, up } from "./up.js";
