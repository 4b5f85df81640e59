import assert from "node:assert/strict";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const commit = "a".repeat(40);
const config = { promotesFrom: "prod-eu", platformRevision: { branch: "main" } };

/** A checkout in which staging follows prod-eu. */
function tree(overlayText: string, baseText = "") {
  return { config, files: { [base]: `name: team-a\n${baseText}\n`, [overlay]: overlayText } };
}

describe("a sync of a stack with a predecessor is refused", () => {
  it("when it would follow the default branch without a word, with both ways out", () => {
    assertProblems(
      tree("# Like base.\n"),
      /^stacks\/staging\/tenants\/team-a\.yaml(:\d+)?: sync\.ref: is not set for the stack staging, so it would follow main of team-a, and run each push before prod-eu has run it\. Pin what prod-eu runs: npx fleet promote prod-eu staging --tenant team-a\. Or follow it on purpose: write sync\.ref\.branch in the overlay\.$/,
    );
    assertProblems(tree("sync:\n  timeout: 5m\n"), /team-a\.yaml:\d+: sync\.ref: is not set for the stack staging/);
  });

  it("when only the base file names a branch or a range, which may be meant for the predecessor", () => {
    assertProblems(tree("", "sync: {ref: {branch: next}}"), /sync\.ref: is not set .* would follow next of team-a/);
    assertProblems(
      tree("", "sync: {ref: {semver: ~1.4}}"),
      /follow ~1\.4 of .* write sync\.ref\.semver in the overlay/,
    );
    assertProblems(tree("sync: {ref: {branch: null}}", "sync: {ref: {branch: next}}"), /would follow main of team-a/);
  });

  it("when only its group names one, and when the overlay takes back what the stack's defaults name", () => {
    const group = { "stacks/groups/web.yaml": "sync: {ref: {branch: next}}\n" };
    const grouped = tree("", "group: web");
    assertProblems({ ...grouped, files: { ...grouped.files, ...group } }, /sync\.ref: is not set .* would follow next/);
    const defaults = { "stacks/staging/defaults.yaml": "sync: {ref: {branch: next}}\n" };
    const taken = tree("sync: {ref: {branch: null}}\n");
    assertProblems({ ...taken, files: { ...taken.files, ...defaults } }, /sync\.ref: is not set .* would follow main/);
  });

  it("each by itself, further syncs too", () => {
    const two = "syncs: {jobs: {path: ./jobs}, more: {path: ./more}}";
    assertProblems(
      tree(`sync: {ref: {commit: ${commit}}}\nsyncs: {more: {ref: {tag: v1}}}\n`, two),
      /^stacks\/staging\/.*: syncs\.jobs\.ref: is not set .* write syncs\.jobs\.ref\.branch in the overlay/,
    );
  });
});

describe("a sync of a stack with a predecessor", () => {
  it("may be pinned in either file, or follow a branch or a range that the overlay names", () => {
    const fixed = [{ commit }, { tag: "v1.4.2" }];
    for (const ref of [...fixed, { branch: "main" }, { semver: "~1.4" }, { commit, branch: "next" }]) {
      const [sync] = load(tree(JSON.stringify({ sync: { ref } }))).tenants[0]?.syncs ?? [];
      assert.deepEqual(sync?.ref, ref);
    }
    for (const ref of fixed) assert.ok(load(tree("", `sync: ${JSON.stringify({ ref })}`)));
  });

  it("may follow a branch that the stack's defaults name for all tenants", () => {
    const defaults = { "stacks/staging/defaults.yaml": "sync: {ref: {branch: main}}\n" };
    const { config: settings, files } = tree("");
    const [sync] = load({ config: settings, files: { ...files, ...defaults } }).tenants[0]?.syncs ?? [];
    assert.deepEqual(sync?.ref, { branch: "main" });
  });

  it("needs nothing without a predecessor, nor where promotion is about to write it", () => {
    assert.ok(load({ files: tree("").files }));
    assert.ok(load({ ...tree(""), config: { promotesFrom: "prod-eu" }, allowUnpinned: true }));
  });
});
