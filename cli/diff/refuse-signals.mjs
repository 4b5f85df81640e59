import { syncBuiltinESMExports } from "node:module";

/**
 * Functions that signal a process. Node's permissions do not cover them. A signal ends another process, and SIGUSR1 opens
 * the debugger of any Node process of the account: a program that reaches its port runs code there, without permissions.
 * @see https://nodejs.org/api/process.html#signal-events
 */
const senders = ["kill", "_kill", "_debugProcess", "_debugEnd"];

/** Takes from this process, for good, every way to signal a process. */
export function refuseSignals() {
  for (const name of senders) {
    const refuse = () => {
      throw Object.assign(new Error(`process.${name} is not allowed while a program is recorded`), {
        code: "ERR_ACCESS_DENIED",
      });
    };
    Object.defineProperty(process, name, { value: refuse, writable: false, configurable: false });
  }
  // `import { kill } from "node:process"` has a copy.
  syncBuiltinESMExports();
}
