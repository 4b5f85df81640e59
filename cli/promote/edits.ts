import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that a promotion edits. */
export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** The texts of files that were edited so far. Nothing is written. */
export class Edits {
  #texts = new Map<string, { readonly before: string; readonly after: string }>();

  /** @param root folder of the files */
  constructor(private readonly root: string) {}

  /** Edits a file. Each edit sees those before it. */
  apply(file: string, edit: (text: string) => string): void {
    const before = this.#texts.get(file)?.before ?? this.#read(file);
    const after = edit(this.#texts.get(file)?.after ?? before);
    this.#texts.set(file, { before, after });
  }

  /** Calls a function with edits, all of which are undone if it throws. */
  attempt(work: () => void): void {
    const before = new Map(this.#texts);
    try {
      work();
    } catch (error) {
      this.#texts = before;
      throw error;
    }
  }

  /** The files that differ. */
  get changes(): readonly FileChange[] {
    return [...this.#texts].map(([file, texts]) => ({ file, ...texts })).filter((one) => one.before !== one.after);
  }

  #read(file: string): string {
    const path = join(this.root, file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }
}
