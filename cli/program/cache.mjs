import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files that are kept. Each change of the program makes three new ones, of 8 MB. */
const mostFiles = 16;
/** Length of a SHA-256. */
const digestLength = 32;

/**
 * Files that only save time. Each begins with the digest of its content: V8 does not check its code itself. A file that is
 * missing, damaged or unreadable is as if there were none, and a folder that cannot be written gets none.
 */
export class Cache {
  #folder;

  /** @param folder as trusted as the code that the cache holds, for who writes there decides what runs */
  constructor(folder) {
    this.#folder = folder;
  }

  /** The content of a file. Undefined when there is none that is whole. */
  read(name) {
    const file = attempt(() => readFileSync(join(this.#folder, name)));
    const content = file?.subarray(digestLength);
    return content !== undefined && digestOf(content).equals(file.subarray(0, digestLength)) ? content : undefined;
  }

  /** Writes a file under another name first, so that a run beside this one reads the former content or all of this one. */
  write(name, content) {
    const partial = join(this.#folder, `${process.pid}.partial`);
    attempt(() => {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(partial, Buffer.concat([digestOf(content), Buffer.from(content)]), { mode: 0o600 });
      renameSync(partial, join(this.#folder, name));
    });
  }

  /** Deletes the oldest files. */
  prune() {
    attempt(() => {
      const entries = readdirSync(this.#folder, { withFileTypes: true }).filter((entry) => entry.isFile());
      const files = entries.map(({ name }) => join(this.#folder, name));
      const ages = files.map((file) => ({ file, written: statSync(file).mtimeMs }));
      for (const { file } of ages.sort((a, b) => b.written - a.written).slice(mostFiles)) rmSync(file);
    });
  }
}

function digestOf(content) {
  return createHash("sha256").update(content).digest();
}

/** The result of something that may fail: the cache may be read-only, full, or in use by another run. */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    if (error.code === undefined) throw error;
    return undefined;
  }
}
