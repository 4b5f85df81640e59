import { readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { type State, stateSchema } from "./records.js";

/**
 * The state document on disk.
 *
 * Every write goes to a neighbour file that then takes the document's name, so a reader, or a run after a crash,
 * sees the old or the new document and never half of one. Writes that wait for a running one share the next.
 */
export class StateFile {
  readonly #path: string;
  readonly #state: () => State;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param state gives the document as it is at the moment of writing. */
  constructor(path: string, state: () => State) {
    this.#path = path;
    this.#state = state;
  }

  /** Resolves when everything that was true at the time of the call is on disk. */
  save(): Promise<void> {
    if (this.#next === undefined) {
      const write = (): Promise<void> => {
        this.#next = undefined;
        this.#running = this.#write();
        return this.#running;
      };
      // A failed write was reported to its caller; the next one starts afresh.
      this.#next = this.#running.then(write, write);
    }
    return this.#next;
  }

  async #write(): Promise<void> {
    const temporary = `${this.#path}.new`;
    // Webhook secrets are inside: readable for the owner only.
    await writeFile(temporary, JSON.stringify(this.#state()), { mode: 0o600 });
    await rename(temporary, this.#path);
  }
}

/**
 * Reads the document that an earlier run left.
 * @returns undefined when there is none.
 * @throws when the document is there but cannot be understood.
 */
export async function readState(path: string): Promise<State | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = stateSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(
      `The GitHub emulator cannot read ${path}:\n${z.prettifyError(parsed.error)}\nRemove its directory to start from nothing.`,
    );
  }
  return parsed.data;
}
