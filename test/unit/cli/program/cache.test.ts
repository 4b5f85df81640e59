import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout } from "../../../../cli/checkout.js";

/** The module has no types: Node runs it without TypeScript. */
interface CacheModule {
  readonly Cache: new (
    folder: string,
  ) => { read(name: string): Buffer | undefined; write(name: string, content: string): void; prune(): void };
}

describe("the cache of the program", () => {
  let Cache: CacheModule["Cache"];
  let folder: string;
  before(async () => {
    ({ Cache } = (await import(pathToFileURL(join(checkout, "cli/program/cache.mjs")).href)) as CacheModule);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-cache-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps the latest files only", () => {
    const cache = new Cache(folder);
    for (let index = 0; index < 30; index += 1) {
      cache.write(`file-${index}`, "content");
      utimesSync(join(folder, `file-${index}`), index, index);
    }
    cache.prune();
    assert.equal(readdirSync(folder).length, 16);
    assert.equal(cache.read("file-13"), undefined);
    assert.equal(cache.read("file-14")?.toString(), "content");
  });

  it("is for its owner alone", () => {
    new Cache(folder).write("file", "content");
    assert.equal(statSync(join(folder, "file")).mode & 0o077, 0);
  });
});
