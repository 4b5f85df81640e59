import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyStacks } from "../../../cli/copy-stacks.js";

describe("A copy of the stacks' files", () => {
  let folder: string;
  let root: string;
  let copy: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-copy-stacks-"));
    [root, copy] = [join(folder, "root"), join(folder, "copy")];
    for (const path of ["root/stacks/base", "root/cli", "copy"]) mkdirSync(join(folder, path), { recursive: true });
    for (const file of ["Pulumi.staging.yaml", "Pulumi.yaml", "cli/a.ts", "stacks/base/a.yaml"]) {
      writeFileSync(join(root, file), file);
    }
    symlinkSync(join(root, "cli", "a.ts"), join(root, "stacks", "link"));
  });
  afterEach(() => {
    for (const path of ["stacks/base", "stacks", ""]) chmodSync(join(root, path), 0o755);
    rmSync(folder, { recursive: true });
  });

  it("has them and no others", async () => {
    await copyStacks(root, copy);
    assert.deepEqual(readdirSync(copy).sort(), ["Pulumi.staging.yaml", "stacks"]);
    assert.equal(readFileSync(join(copy, "stacks", "base", "a.yaml"), "utf8"), "stacks/base/a.yaml");
  });

  it("can be written and removed although the checkout may only be read, and changes no mode there", async () => {
    chmodSync(join(root, "cli", "a.ts"), 0o444);
    for (const path of ["stacks/base/a.yaml", "stacks/base", "stacks", ""]) chmodSync(join(root, path), 0o555);
    await copyStacks(root, copy);
    const modes = (of: string, ...paths: readonly string[]) =>
      paths.map((path) => statSync(join(of, path)).mode & 0o777);
    assert.deepEqual(modes(copy, "", "stacks", "stacks/base", "stacks/base/a.yaml"), [0o700, 0o700, 0o700, 0o600]);
    assert.deepEqual(modes(root, "", "stacks/base", "stacks/base/a.yaml", "cli/a.ts"), [0o555, 0o555, 0o555, 0o444]);
  });
});
