import { z } from "zod";

/** A fault to inject, as `POST /_emulator/faults` takes it. */
export const faultSchema = z
  .strictObject({
    match: z
      .strictObject({
        /** An HTTP method, or `SSH` for Git over SSH. @default any but SSH */
        method: z.string().optional(),
        /** Path without query, over SSH `/OWNER/NAME.git`; `*` stands for anything, slashes too. @default any */
        path: z.string().optional(),
      })
      .default({}),
    /** Answer with this status instead of doing anything. */
    status: z.number().int().min(400).max(599).optional(),
    /** Seconds for `Retry-After`. */
    retryAfter: z.number().min(0).optional(),
    /** Wait so many milliseconds first. */
    delayMs: z.number().min(0).max(600_000).optional(),
    /** Close the connection without an answer. */
    drop: z.boolean().optional(),
    /** How many matching requests it hits. @default 1 */
    times: z.number().int().min(1).default(1),
  })
  .refine(({ status, delayMs, drop }) => status !== undefined || delayMs !== undefined || drop === true, {
    message: "a fault needs status, delayMs or drop",
  });
/** A fault to inject. */
export type Fault = z.infer<typeof faultSchema>;

/** Faults that wait for requests to hit. The oldest that matches is used first. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  /** Adds one. */
  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  /** Removes all. */
  clear(): void {
    this.#waiting = [];
  }

  /** The fault that hits this request, if any; it is used up by one. */
  take(method: string, path: string): Fault | undefined {
    const entry = this.#waiting.find(({ fault }) => matches(fault, method, path));
    if (entry === undefined) return undefined;
    entry.left--;
    if (entry.left === 0) this.#waiting = this.#waiting.filter((other) => other !== entry);
    return entry.fault;
  }
}

function matches({ match }: Fault, method: string, path: string): boolean {
  // SSH must be meant: a fault for "everything" is about HTTP.
  if (match.method === undefined ? method === "SSH" : match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  const pattern = match.path.split("*").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(path);
}
