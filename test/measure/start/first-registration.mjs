/** Preload of the measured program: tells the time of its first registration, after Pulumi's own of the stack, and its end. */
import { createRequire } from "node:module";
import { tellProcessorTime } from "./processor-time.mjs";

const runtime = createRequire(import.meta.url)("@pulumi/pulumi/runtime/resource");
const { registerResource } = runtime;
runtime.registerResource = (...args) => {
  const [, , type] = args;
  if (type !== "pulumi:pulumi:Stack") {
    runtime.registerResource = registerResource;
    tellProcessorTime("first");
  }
  registerResource(...args);
};
process.on("exit", () => tellProcessorTime("end"));
