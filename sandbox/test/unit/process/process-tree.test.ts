import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { allProcesses, treeOf } from "../../../process/process-tree.js";

describe("treeOf", () => {
  const processes = [
    { pid: 4, parent: 3, name: "grandchild" },
    { pid: 1, parent: 0, name: "init" },
    { pid: 3, parent: 2, name: "child" },
    { pid: 2, parent: 1, name: "root" },
    { pid: 9, parent: 1, name: "stranger" },
  ];

  it("is empty for a process that is gone", () => {
    assert.deepEqual(treeOf(77, processes), []);
  });

  it("has every descendant and no stranger, parents first", () => {
    assert.deepEqual(
      treeOf(2, processes).map(({ pid }) => pid),
      [2, 3, 4],
    );
  });

  it("finds a real child of this process", async () => {
    const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
    await once(child, "spawn");
    const tree = treeOf(process.pid, await allProcesses());
    assert.ok(tree.some(({ pid, parent }) => pid === child.pid && parent === process.pid));
    child.stdin.end();
    await once(child, "exit");
  });
});
