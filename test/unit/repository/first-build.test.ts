import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { firstBuild } from "@fleet/sandbox/toolchain/first-build";
import { root } from "../../support/unit/fleet.js";

const page = (file: string) => readFileSync(join(root, file), "utf8").replace(/\s+/g, " ");

/** The build warns of a small disk, and counts its linkers, by these figures. */
describe("the disk and the memory of a first build", () => {
  const { partsGB, packagesGB, goCachesGB, linkerGiB } = firstBuild;

  it("are in README.md as the build knows them", () => {
    const readme = page("README.md");
    const disk =
      /\| Disk \| ([\d.]+) GB for these parts .*? ([\d.]+) GB for `node_modules`, and ([\d.]+) GB for Go's caches/;
    assert.deepEqual(disk.exec(readme)?.slice(1).map(Number), [partsGB, packagesGB, goCachesGB]);
    const memory =
      /\| Memory \| [\d.]+ GB while it runs; (\d+) GB during the first build, up to (\d+) GB if that much is free/;
    assert.deepEqual(memory.exec(readme)?.slice(1).map(Number), [linkerGiB, 2 * linkerGiB]);
  });

  it("are in docs/toolchain.md as well", () => {
    const toolchain = page("docs/toolchain.md");
    const caches = /fills ([\d.]+) GB of Go caches: ([\d.]+) GB of compiled packages and ([\d.]+) GB of modules/.exec(
      toolchain,
    );
    const [all, compiled = 0, modules = 0] = caches?.slice(1).map(Number) ?? [];
    assert.deepEqual([all, compiled + modules], [goCachesGB, goCachesGB]);
    assert.equal(/if (\d+) GiB of memory are free/.exec(toolchain)?.[1], String(2 * linkerGiB));
  });
});
