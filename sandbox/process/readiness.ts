import { request } from "node:https";
import pWaitFor from "p-wait-for";
import type { KeyPair } from "../control-plane/certificates.js";

/** How long to wait, and what to say when it was in vain. */
export interface WaitArgs {
  /** What is waited for, for the message when it does not come. */
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
      last = ` The last answer: ${error instanceof Error ? error.message : String(error)}`;
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

/**
 * Whether a server says that it is ready, on the URL's own terms: answers 200, with a certificate of the given
 * authority. A foreign server that took the port is therefore never mistaken for ours.
 */
export function answersOk(url: string, ca: string, client: KeyPair): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, cert: client.cert, key: client.key, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once("timeout", () => call.destroy(new Error(`${url} did not answer within 5 s`)));
    call.once("error", reject);
    call.end();
  });
}
