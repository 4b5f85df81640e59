import { renameSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BareRepository } from "../git/bare-repository.js";

/** In every bare repository: the id of its record, by which it is found again whatever it is called. */
const idFile = "fleet-repository-id";

/**
 * The bare repositories on disk, `OWNER/NAME.git`.
 *
 * Names have passed `repositoryNameProblem` before they come here, so none leads elsewhere.
 */
export class RepositoryStore {
  readonly #directory: string;
  readonly #queues = new Map<number, Promise<unknown>>();

  /** @param directory holds the owner's repositories; made by recover() */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Brings the directory in line with the records, which are the truth: a run that was killed may have left a
   * repository renamed, removed or made halfway.
   * @returns the names of records whose data is nowhere
   */
  async recover(records: readonly { readonly id: number; readonly name: string }[]): Promise<string[]> {
    await mkdir(this.#directory, { recursive: true });
    const found = new Map<number, string>();
    for (const entry of await readdir(this.#directory)) {
      const path = join(this.#directory, entry);
      const id = Number(await readFile(join(path, idFile), "utf8").catch(missingAsEmpty)) || undefined;
      if (id !== undefined && records.some((record) => record.id === id)) found.set(id, path);
      else await rm(path, { recursive: true, force: true });
    }
    // By way of a name that no repository can have: two of them may have changed places.
    for (const [id, path] of found) await rename(path, this.#grave(id));
    for (const { id, name } of records) if (found.has(id)) await rename(this.#grave(id), this.#path(name));
    return records.filter(({ id }) => !found.has(id)).map(({ name }) => name);
  }

  /** Makes an empty repository. What lies at its place is removed: no record points there. */
  async create(name: string, id: number, defaultBranch: string): Promise<void> {
    await rm(this.#path(name), { recursive: true, force: true });
    await this.open(name).create(defaultBranch);
    await writeFile(join(this.#path(name), idFile), String(id));
  }

  /** The repository of this name. */
  open(name: string): BareRepository {
    return new BareRepository(this.#path(name));
  }

  /**
   * Gives a repository another name on disk. Synchronous, so that together with the change of the record no other
   * request sees one without the other.
   */
  rename(from: string, to: string): void {
    renameSync(this.#path(from), this.#path(to));
  }

  /** Removes a repository's data; its name is free at once. */
  async remove(name: string, id: number): Promise<void> {
    const grave = this.#grave(id);
    renameSync(this.#path(name), grave);
    await rm(grave, { recursive: true, force: true });
  }

  /**
   * Runs one task after the other for the same repository: writes through the REST API read a branch, build on what
   * they read, and move it.
   */
  async exclusively<Result>(id: number, task: () => Promise<Result>): Promise<Result> {
    const before = this.#queues.get(id) ?? Promise.resolve();
    // The one before reports its own failure; here only its end matters.
    const run = before.then(task, task);
    this.#queues.set(id, run);
    try {
      return await run;
    } finally {
      if (this.#queues.get(id) === run) this.#queues.delete(id);
    }
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.git`);
  }

  #grave(id: number): string {
    return join(this.#directory, `.${id}`);
  }
}

function missingAsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return "";
  throw error;
}
