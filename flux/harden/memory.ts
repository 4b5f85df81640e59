import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { containerStep } from "./controller.js";

/** The part of a container's memory that Go's heap may fill. The rest is for stacks, buffers of the kernel and programs. */
const HEAP_SHARE = 0.9;

/**
 * Sets Go's memory limit below that of the container.
 *
 * The release sets it to the whole limit. Go collects garbage only as its limit comes close, so the kernel ended a
 * controller that still had garbage to free. Memory that is really in use is not bounded by this: then the kernel ends
 * the controller, and nothing else on the node.
 * @see https://go.dev/doc/gc-guide#Memory_limit
 */
export const limitHeap = containerStep(({ container: { env = [], resources }, unexpected }) => {
  const limit = resources?.limits?.memory;
  if (limit === undefined) throw unexpected("expected a limit of memory");
  if (!env.some(({ name }) => name === heapLimit)) throw unexpected(`expected the variable ${heapLimit}`);
  const bytes = Math.floor(quantityAmount(String(limit)) * HEAP_SHARE);
  return { env: env.map((entry) => (entry.name === heapLimit ? { name: heapLimit, value: String(bytes) } : entry)) };
});

/** Go's variable of its memory limit, in bytes. */
const heapLimit = "GOMEMLIMIT";
