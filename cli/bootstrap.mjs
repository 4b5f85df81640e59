/**
 * Prepares a process of a fresh clone as installed.mjs does, and lets Node run TypeScript. `node --import
 * ./cli/bootstrap.mjs FILE` runs a file so.
 */
import "./installed.mjs";

const { register } = await import("tsx/esm/api");
register();
