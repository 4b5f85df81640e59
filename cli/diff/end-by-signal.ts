import { AsyncLocalStorage } from "node:async_hooks";
import { constants } from "node:os";
import { JobError } from "../explain.js";

/** Signals that end a command: Ctrl-C, `kill`, and the end of the terminal. */
export const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const current = new AsyncLocalStorage<AbortSignal>();

/** Aborts when a signal ends the work that the caller belongs to. Undefined outside {@link endBySignal}. */
export function endingSignal(): AbortSignal | undefined {
  return current.getStore();
}

/**
 * Lets work clean up before a signal ends this process: the first one aborts {@link endingSignal}, and the process ends
 * after the work. A second one ends the process at once.
 * @param end ends the process for a signal @default - with the exit code of shells: 130 for SIGINT, 143 for SIGTERM
 */
export async function endBySignal<Result>(
  work: () => Promise<Result>,
  end = (signal: NodeJS.Signals): unknown => process.exit(128 + constants.signals[signal]),
): Promise<Result> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const ignore = () => {
    for (const signal of endingSignals) process.off(signal, listener);
  };
  const listener = (signal: NodeJS.Signals) => {
    if (received !== undefined) {
      ignore();
      end(signal);
    }
    received = signal;
    controller.abort(new JobError("Interrupted."));
  };
  for (const signal of endingSignals) process.on(signal, listener);
  const [outcome] = await Promise.allSettled([current.run(controller.signal, work)]);
  ignore();
  if (received !== undefined) {
    end(received);
    throw new JobError("Interrupted.");
  }
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
