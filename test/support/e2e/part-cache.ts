import { link, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheDirectory } from "@fleet/sandbox/toolchain/cache";
import { planToolchain } from "@fleet/sandbox/toolchain/plan";

/**
 * A cache that has only some of the real parts, as that of a user who never needed the others. Its files are links to
 * those of the real cache, beside which it lies.
 */
export class PartCache {
  private constructor(readonly directory: string) {}

  static async create(): Promise<PartCache> {
    return new PartCache(await mkdtemp(join(cacheDirectory(process.env), "test-")));
  }

  /** Adds finished parts, by name. */
  async add(names: readonly string[]): Promise<void> {
    const { cache, wanted } = await planToolchain({ parts: names });
    for (const { dir } of wanted) {
      for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const from = join(entry.parentPath, entry.name);
        const to = join(this.directory, from.slice(cache.length));
        await mkdir(dirname(to), { recursive: true });
        await link(from, to);
      }
    }
  }

  /** The names of the parts that it has, sorted. */
  async parts(): Promise<readonly string[]> {
    const folders = await readdir(join(this.directory, "parts"));
    return folders.map((folder) => folder.replace(/-[0-9a-f]{20}$/, "")).sort();
  }

  /** Deletes it; the real parts stay. */
  end(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
