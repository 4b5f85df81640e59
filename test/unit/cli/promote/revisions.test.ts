import assert from "node:assert/strict";
import type { ReadyLook } from "../../../../promotion/ready.js";
import {
  commit,
  first,
  look,
  looked,
  own,
  PromoteCheckout,
  platform,
  ref,
  second,
  tree,
} from "../../../support/unit/promote-checkout.js";

describe("fleet promote: the revisions of repositories", () => {
  let checkout: PromoteCheckout;
  beforeEach(() => {
    checkout = new PromoteCheckout();
  });
  afterEach(() => checkout.end());

  it("pins a tenant to the commit that was Ready, with its branch, in its overlay alone, and moves it on", async () => {
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const { code, changed, err } = await checkout.run(args);
    assert.deepEqual([code, changed], [0, [own]], err);
    assert.equal(checkout.files()[own], `${tree[own]}${ref(commit)}`);
    assert.match((await checkout.run(args)).out, /^Nothing to do/);
    const next = await checkout.run(args, { outputs: async () => looked(look(commit), look(first)) });
    assert.match(next.out, new RegExp(`-    commit: ${commit}\n\\+    commit: ${first}`));
  });

  it("rolls back to a revision of the record, by name or to the one before, also while the tenant is broken", async () => {
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const record = async () => looked(look(first), look(second), look(commit, { "team-a/team-a": "boom" }));
    const at = { outputs: record };
    await checkout.refused(
      [...args, "--back"],
      at,
      1,
      /names no commit or tag, so there is none before it\. Those that were, the newest first: next@sha1:b+, next@sha1:a+\.\n$/,
    );
    await checkout.run([...args, "--revision", second.slice(0, 7)], at);
    assert.equal(checkout.files()[own], `${tree[own]}${ref(second)}`);
    await checkout.run([...args, "--back"], at);
    assert.equal(checkout.files()[own], `${tree[own]}${ref(first)}`);
    await checkout.refused([...args, "--back"], at, 1, /is a+, the first in the record of the stack staging\./);
    for (const unknown of [commit, "aaa", "main", "v1"]) {
      await checkout.refused(
        [...args, "--revision", unknown],
        at,
        1,
        /team-a: "\w+" is no revision that was Ready on the stack staging\. Those/,
      );
    }
    const platformBack = ["promote", "staging", "prod-eu", "--platform"];
    await checkout.run([...platformBack, "--revision", commit], at);
    await checkout.run([...platformBack, "--back"], at);
    assert.ok(checkout.files()["Pulumi.prod-eu.yaml"]?.endsWith(platform(second)));
  });

  it("rolls back to the branch on which the other has applied the revision, and not to that of now", async () => {
    const record = async () => looked(look(first, {}, `old@sha1:${first}`), look(second));
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    await checkout.run([...args, "--revision", second], { outputs: record });
    assert.equal(checkout.files()[own], `${tree[own]}${ref(second)}`);
    await checkout.run([...args, "--back"], { outputs: record });
    assert.equal(checkout.files()[own], `${tree[own]}${ref(first).replace("next", "old")}`);
  });

  it("pins a tenant that follows tags to the tag", async () => {
    checkout.write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nsync:\n  ref: {semver: ~1.4}\n" });
    const { changed } = await checkout.run(["promote", "staging", "prod-eu", "--tenant", "team-a"], {
      outputs: async () => looked(look(commit, {}, `refs/tags/v1.4.2@sha1:${commit}`)),
    });
    assert.deepEqual(changed, [own]);
    assert.match(checkout.files()[own] ?? "", /ref:\n {4}tag: v1\.4\.2\n {4}semver: null\n$/);
    const before = async () =>
      looked(look(first, {}, `main@sha1:${first}`), look(commit, {}, `refs/tags/v1.4.2@sha1:${commit}`));
    await checkout.run(["promote", "staging", "prod-eu", "--tenant", "team-a", "--back"], { outputs: before });
    assert.match(checkout.files()[own] ?? "", /ref:\n {4}commit: a{40}\n {4}semver: null\n$/);
  });

  it("pins each sync of a tenant at its place, and none of them when one is not Ready", async () => {
    checkout.write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nsyncs:\n  jobs: {path: ./jobs}\n" });
    const args = ["promote", "staging", "prod-eu", "--tenant", "team-a"];
    const two = (waiting: ReadyLook["waiting"]) => async () => {
      const one = look(commit, {}, `main@sha1:${commit}`);
      const revisions =
        Object.keys(waiting).length > 0 ? one.revisions : { ...one.revisions, "team-a/jobs": `main@sha1:${first}` };
      return looked({ revisions, waiting });
    };
    await checkout.refused(
      args,
      { outputs: two({ "team-a/jobs": "boom" }) },
      1,
      /syncs\.jobs\.ref: team-a\/jobs: was never Ready/,
    );
    await checkout.run(args, { outputs: two({}) });
    assert.equal(
      checkout.files()[own],
      `${tree[own]}  ref:\n    commit: ${commit}\nsyncs:\n  jobs:\n    ref:\n      commit: ${first}\n`,
    );
  });

  it("takes away the other references of all files that the overlay is laid over", async () => {
    checkout.write({
      "stacks/groups/web.yaml": "sync: {ref: {branch: group}}\n",
      "stacks/base/tenants/team-a.yaml": "name: team-a\ngroup: web\nsync:\n  ref: {branch: null}\n",
      "stacks/prod-eu/defaults.yaml": "sync: {ref: {semver: ~1.4}}\n",
    });
    const { code, err } = await checkout.run(["promote", "staging", "prod-eu", "--tenant", "team-a"], {
      outputs: async () => looked(look(commit)),
    });
    assert.equal(code, 0, err);
    const overlay = checkout.files()["stacks/prod-eu/tenants/team-a.yaml"] ?? "";
    assert.match(overlay, /ref:\n {4}commit: "?[0-9a-f]{40}"?\n {4}branch: next\n {4}semver: null\n$/);
  });
});
