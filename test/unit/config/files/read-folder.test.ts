import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { readFolder, strayEntries } from "../../../../config/files/read-folder.js";
import { withTree } from "../../../support/unit/checkout-tree.js";

const read = (files: readonly string[]) =>
  withTree(Object.fromEntries(files.map((file) => [file, file])), (root) => readFolder(root, "fleet"));

describe("readFolder", () => {
  it("leaves out what editors, Git and desktops leave behind", () => {
    const left = [
      ".DS_Store",
      "a/.DS_Store",
      "a/._b.yaml",
      "a/Thumbs.db",
      "a/b.yaml~",
      "a/.b.yaml.swp",
      "a/.b.yaml.swo",
      "a/#b.yaml#",
      "a/.#b.yaml",
      "a/b.yaml.orig",
      "a/b.yaml.rej",
      "a/b.yaml.bak",
      ".idea/workspace.xml",
      "a/.vscode/settings.json",
      "a/.git/config",
    ];
    assert.deepEqual(Object.keys(read(["fleet/kept.yaml", ...left.map((file) => `fleet/${file}`)])), [
      "fleet/kept.yaml",
    ]);
  });

  it("reports what it cannot read, with its path, and follows no link", () => {
    withTree({ "fleet/a/b.yaml": "b", "elsewhere/c.yaml": "c" }, (root) => {
      symlinkSync(join(root, "elsewhere", "c.yaml"), join(root, "fleet", "a", "c.yaml"));
      symlinkSync(join(root, "elsewhere"), join(root, "fleet", "linked"));
      // Emacs marks an open file by such a link.
      symlinkSync("ann@example.com", join(root, "fleet", ".#b.yaml"));
      assert.deepEqual(Object.keys(readFolder(root, "fleet")), ["fleet/a/b.yaml"]);
      const problems = strayEntries(root, "fleet");
      assert.deepEqual(problems.map(({ file }) => file).sort(), ["fleet/a/c.yaml", "fleet/linked"]);
      for (const { message } of problems) assert.match(message, /^is a symbolic link, which is not followed/);
    });
  });

  it("reads every other file, whatever its name and depth", () => {
    const files = [".gitignore", ".sourceignore", "README.md", "a/b/c.txt", "a/tmp.yaml", "swp", "a/backup.sh"];
    const paths = files.map((file) => `fleet/${file}`);
    assert.deepEqual(read([...paths, "elsewhere/d.yaml"]), Object.fromEntries(paths.sort().map((one) => [one, one])));
  });
});
