import type { ApiClient } from "../cluster/api-client.js";

/** The arguments of {@link StackReaders}. */
export interface StackReadersArgs<Read> {
  /** The wanted stacks. */
  readonly stacks: readonly string[];
  /** Contexts by stack, where a person chose them. */
  readonly chosen: ReadonlyMap<string, string>;
  /** Reads the cluster of a stack. */
  readonly read: (client: ApiClient) => Promise<Read>;
}

/**
 * Reads the cluster of each stack through one context, as soon as it is known to lead there. Where several contexts do, the
 * first one in their order counts, whichever answers first.
 */
export class StackReaders<Read> {
  readonly #order: readonly string[];
  readonly #args: StackReadersArgs<Read>;
  readonly #reading = new Map<string, ApiClient>();

  /** @param order names of all contexts, the preferred one first */
  constructor(order: readonly string[], args: StackReadersArgs<Read>) {
    this.#order = order;
    this.#args = args;
  }

  /** Begins to read the cluster of a stack. Undefined for a stack that is not wanted, or wanted through another context. */
  begin(stack: string, client: ApiClient): Promise<Read> | undefined {
    const { stacks, chosen, read } = this.#args;
    const choice = chosen.get(stack);
    if (!stacks.includes(stack) || (choice !== undefined && choice !== client.context)) return undefined;
    const other = this.#reading.get(stack);
    if (other !== undefined && this.#rank(other) < this.#rank(client)) return undefined;
    other?.end();
    this.#reading.set(stack, client);
    const begun = read(client);
    // Without a reader, an error would end the process: another context may take the place of this one.
    begun.catch(() => undefined);
    return begun;
  }

  #rank({ context }: ApiClient): number {
    return this.#order.indexOf(context);
  }
}
