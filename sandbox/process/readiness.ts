import pWaitFor from "p-wait-for";
import { messageOf } from "../lib/message-of.js";

/** How long to wait, and what to say when it was in vain. */
export interface WaitArgs {
  /** Name of the awaited thing, for the message after the time-out. */
  readonly what: string;
  /** ms; the error comes after it. */
  readonly timeout: number;
  /** ms between two looks. @default 50 */
  readonly interval?: number;
  /** Rejects when waiting has become pointless. @default never */
  readonly failed?: Promise<never>;
}

/**
 * Waits until a condition holds. A condition that throws does not hold yet; its last error is part of the message.
 *
 * The deadline is part of the condition because p-wait-for's own adds a listener with every look and Node warns of it.
 * @throws when the time is over, or what `failed` rejects with
 */
export async function waitUntil(condition: () => boolean | Promise<boolean>, args: WaitArgs): Promise<void> {
  const deadline = Date.now() + args.timeout;
  let over = false;
  let holds = false;
  let last = "";
  const look = async (): Promise<boolean> => {
    try {
      holds = await condition();
    } catch (error) {
      last = ` The last answer: ${messageOf(error)}`;
    }
    return holds || over || Date.now() > deadline;
  };
  const waiting = pWaitFor(look, { interval: args.interval ?? 50 });
  try {
    await (args.failed === undefined ? waiting : Promise.race([waiting, args.failed]));
  } finally {
    over = true;
  }
  if (!holds) throw new Error(`${args.what} was not ready within ${args.timeout / 1000} s.${last}`);
}
