import assert from "node:assert/strict";
import { readFolder } from "../../../../config/files/read-folder.js";
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

  it("reads every other file, whatever its name and depth", () => {
    const files = [".gitignore", ".sourceignore", "README.md", "a/b/c.txt", "a/tmp.yaml", "swp", "a/backup.sh"];
    const paths = files.map((file) => `fleet/${file}`);
    assert.deepEqual(read([...paths, "elsewhere/d.yaml"]), Object.fromEntries(paths.sort().map((one) => [one, one])));
  });
});
