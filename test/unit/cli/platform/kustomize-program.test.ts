import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKustomize } from "../../../../cli/platform/kustomize-program.js";

/** Scripts of the shell stand for programs. Without Go on PATH, the sandbox's parts cannot be found. */
describe("kustomize on PATH", () => {
  let [first, second] = ["", ""];
  beforeEach(() => {
    [first, second] = ["a", "b"].map((name) => mkdtempSync(join(tmpdir(), `fleet-path-${name}-`))) as [string, string];
  });
  afterEach(() => {
    for (const folder of [first, second]) rmSync(folder, { recursive: true });
  });
  const install = (folder: string, name: string, output: string, mode = 0o755) =>
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${output}'\n`, { mode });
  const kubectl = (version: string) => `{"clientVersion": {}, "kustomizeVersion": "${version}"}`;
  const find = (path = `${first}:${second}`) => findKustomize({ PATH: path });

  it("is not there, too old, of another form, not executable, or in a folder that depends on where one is", async () => {
    assert.equal(await find(), undefined);
    install(first, "kustomize", "v4.5.7");
    install(second, "kubectl", kubectl("v4.5.7"));
    assert.equal(await find(), undefined);
    install(first, "kustomize", "unknown");
    install(second, "kubectl", kubectl("v5.8.1"), 0o644);
    rmSync(join(second, "kubectl"));
    install(second, "kubectl", kubectl("v5.8.1"), 0o644);
    assert.equal(await find(), undefined);
    install(first, "kustomize", "v5.8.1");
    assert.equal(await find("."), undefined);
  });

  it("is the first that is new enough", async () => {
    install(first, "kustomize", "v4.5.7");
    install(second, "kubectl", kubectl("v5.8.1"));
    assert.deepEqual(await find(), { file: join(second, "kubectl"), args: ["kustomize"] });
    install(first, "kustomize", "v5.8.1");
    assert.deepEqual(await find(), { file: join(first, "kustomize"), args: ["build"] });
  });
});
