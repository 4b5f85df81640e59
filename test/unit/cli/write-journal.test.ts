import assert from "node:assert/strict";
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  completeWrites,
  type Disk,
  JOURNAL_FILE,
  requireComplete,
  type Write,
  writeFiles,
} from "../../../cli/write-journal.js";
import { readTree, type Tree, writeTree } from "../../support/unit/tree-files.js";

const kept: Tree = { "c.yaml": "c\n" };
const before: Tree = { ...kept, "a.yaml": "a: 1\n", "deep/b.json": "{}\n", "old/e.yaml": "e\n" };
const writes: readonly Write[] = [
  { file: "a.yaml", before: "a: 1\n", after: "a: 2\n" },
  { file: "deep/b.json", before: "{}\n", after: '{"b": 2}\n' },
  { file: "old/e.yaml", before: "e\n", after: null },
  { file: "new/deeper/d.yaml", before: null, after: "d\n" },
];
const after: Tree = { ...kept, "a.yaml": "a: 2\n", "deep/b.json": '{"b": 2}\n', "new/deeper/d.yaml": "d\n" };

/** A disk that does nothing any more after some changes, as for a process that is killed. */
function dyingDisk(changes: number): Disk & { readonly isDead: () => boolean } {
  let left = changes;
  const alive = <Args extends unknown[]>(change: (...args: Args) => void) => {
    return (...args: Args) => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      change(...args);
    };
  };
  return {
    write: alive((path, text) => writeFileSync(path, text)),
    rename: alive(renameSync),
    link: alive(linkSync),
    remove: alive((path) => rmSync(path, { force: true })),
    makeFolder: alive((path) => mkdirSync(path)),
    removeFolder: alive((path) => rmdirSync(path)),
    isDead: () => left < 0,
  };
}

describe("writes of a command", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-writes-"));
    writeTree(root, before);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("are begun or not after a kill at any change, and the next command finishes those that are begun", () => {
    const results = new Set<string>();
    for (let changes = 0; ; changes += 1) {
      rmSync(root, { recursive: true });
      mkdirSync(root);
      writeTree(root, before);
      const disk = dyingDisk(changes);
      attempt(disk);
      completeWrites(root);
      const tree = readTree(root);
      const isAfter = JSON.stringify(sorted(tree)) === JSON.stringify(sorted(after));
      assert.deepEqual(sorted(tree), sorted(isAfter ? after : before), `killed after ${changes} changes`);
      results.add(isAfter ? "after" : "before");
      if (!disk.isDead()) break;
    }
    assert.deepEqual([...results], ["before", "after"]);
  });

  it("are finished by the third command when the second one is killed, too", () => {
    for (let changes = 3; changes < 12; changes += 1) {
      for (let more = 0; more < 12; more += 1) {
        rmSync(root, { recursive: true });
        mkdirSync(root);
        writeTree(root, before);
        attempt(dyingDisk(changes));
        try {
          completeWrites(root, dyingDisk(more));
        } catch (error) {
          assert.match(String(error), /killed/);
        }
        completeWrites(root);
        assert.deepEqual(sorted(readTree(root)), sorted(after), `killed after ${changes} and ${more} changes`);
      }
    }
  });

  it("are all taken back when one file cannot be written", () => {
    const disk = dyingDisk(Number.POSITIVE_INFINITY);
    const full: Disk = {
      ...disk,
      link: () => {
        throw new Error("ENOSPC");
      },
    };
    const tree = readTree(root);
    assert.throws(() => writeFiles(root, writes, full), /ENOSPC/);
    assert.deepEqual(readTree(root), tree);
  });

  it("are refused for a file that was changed meanwhile, or is there already, and nothing is written", () => {
    const changed = [writes[1], { file: "a.yaml", before: "a: 0\n", after: "x" }] as readonly Write[];
    assert.throws(() => writeFiles(root, changed), /a\.yaml was changed meanwhile/);
    assert.throws(() => writeFiles(root, [...writes, { file: "c.yaml", before: null, after: "x" }]), /EEXIST/);
    const removal: Write = { file: "old/e.yaml", before: "f\n", after: null };
    assert.throws(() => writeFiles(root, [removal]), /old\/e\.yaml was changed meanwhile/);
    assert.deepEqual(sorted(readTree(root)), sorted(before));
  });

  it("are not finished over a file that a person edited since, and not by a journal that is none", () => {
    writeFileSync(join(root, JOURNAL_FILE), JSON.stringify(writes));
    writeFileSync(join(root, "a.yaml"), "a: 3\n");
    assert.throws(() => completeWrites(root), /^FleetError: [\s\S]*a\.yaml: was changed after a command was killed/);
    assert.throws(() => requireComplete(root), /is of a command that was killed/);
    assert.deepEqual(readTree(root)["deep/b.json"], "{}\n");
    writeFileSync(join(root, JOURNAL_FILE), "{");
    assert.throws(() => completeWrites(root), /is no list of files to write/);
  });

  it("are not finished by the removal of a file that a person edited since", () => {
    writeFileSync(join(root, JOURNAL_FILE), JSON.stringify(writes));
    writeFileSync(join(root, "old/e.yaml"), "f\n");
    assert.throws(() => completeWrites(root), /old\/e\.yaml: was changed after a command was killed/);
    assert.equal(readTree(root)["old/e.yaml"], "f\n");
  });

  it("follow a symbolic link, and keep it", () => {
    symlinkSync("c.yaml", join(root, "link.yaml"));
    writeFiles(root, [{ file: "link.yaml", before: "c\n", after: "d\n" }]);
    writeFiles(root, [{ file: "link.yaml", before: "d\n", after: "e\n" }]);
    assert.equal(readTree(root)["c.yaml"], "e\n");
  });

  function attempt(disk: Disk & { readonly isDead: () => boolean }): void {
    try {
      writeFiles(root, writes, disk);
    } catch (error) {
      assert.ok(disk.isDead(), String(error));
    }
  }
});

/** The files of a tree in order. Folders, which have an empty text, are left out. */
function sorted(tree: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(tree)
    .filter(([, text]) => text !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
