import assert from "node:assert/strict";
import { nextProof, nextTenantProof, parseProof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import { commit, content, hour, look, newer, older, pin, proofOf, start } from "../../support/unit/promotion-gate.js";

describe("a proof", () => {
  it("stays equal after an update without a change, with the times of the first", () => {
    const first = proofOf(content());
    assert.deepEqual(proofOf(content(), start + hour, first), first);
  });

  it("keeps used overrides, and drops tenants that are gone", () => {
    const override = { reason: "Urgent", until: "2026-01-02T00:00:00Z", passed: ["x"] };
    const first = nextProof({ before: undefined, content: content(), now: start, override });
    const fewer = content().filter(({ name }) => name !== "team-b");
    const second = nextProof({ before: first, content: fewer, now: start + hour });
    assert.deepEqual(second.overrides, [{ at: "2026-01-01T00:00:00Z", ...override }]);
    assert.deepEqual(Object.keys(second.tenants), ["team-a"]);
  });

  it("keeps pins, and the record of the last looks, and drops what is gone", () => {
    const [first, next] = [
      proofOf([...content(), pin("team-a/team-a", older)]),
      [...content(), pin("team-a/team-a", commit)],
    ];
    const looked = withLook(first, look(older), start);
    const second = proofOf(next, start + hour, looked);
    assert.deepEqual(Object.values(second.pins["team-a/team-a"] ?? {}), [older, commit]);
    assert.deepEqual(second.ready, looked.ready);
    const gone = proofOf(
      content().filter(({ name }) => name !== "team-b"),
      start + hour,
      looked,
    );
    const { "team-b/team-b": _, ...revisions } = look(older).revisions;
    assert.deepEqual(Object.keys(withLook(gone, { revisions, waiting: {} }, start + hour).ready?.tenants ?? {}), [
      "team-a",
    ]);
    assert.deepEqual(Object.keys(withLook(gone, { revisions, waiting: {} }, start).ready?.revisions ?? {}), [
      "platform",
      "team-a/team-a",
    ]);
  });

  it("keeps the record of a tenant that the stack runs, and the checkout of the look lacks", () => {
    const looked = withLook(proofOf(content()), look(commit), start);
    const { "team-b/team-b": kept, ...revisions } = look(newer).revisions;
    const { ready } = withLook(looked, { revisions, waiting: {} }, start + hour);
    assert.deepEqual(Object.values(ready?.revisions["team-b/team-b"] ?? {}), [`refs/tags/v1.4.2@sha1:${commit}`]);
    assert.ok(kept);
  });

  it("stays equal after a look without news, and keeps the record of what is not Ready any more", () => {
    const looked = withLook(proofOf(content()), look(commit), start);
    assert.deepEqual(withLook(looked, look(commit), start + hour), looked);
    const waiting = { "team-a/team-a": "boom" };
    const { ready } = withLook(looked, look(newer, waiting), start + hour);
    assert.deepEqual(Object.values(ready?.revisions["team-a/team-a"] ?? {}), [`main@sha1:${commit}`]);
    assert.deepEqual(ready?.waiting, waiting);
  });

  it("of one tenant's update has its base file and its pins alone, and none without an update of all", () => {
    const first = proofOf([...content(), pin("team-b/team-b", older)]);
    const now = start + hour;
    const changed = [
      ...content({ program: "2", "tenant team-a": "2", "tenant team-b": "2" }),
      pin("team-a/team-a", commit),
      pin("team-b/team-b", commit),
    ];
    const next = nextTenantProof({ before: first, content: changed, now, tenant: "team-a" });
    const expected = proofOf(
      [...content({ "tenant team-a": "2" }), pin("team-a/team-a", commit), pin("team-b/team-b", older)],
      now,
      first,
    );
    assert.deepEqual(next, expected);
    assert.equal(nextTenantProof({ before: undefined, content: changed, now, tenant: "team-a" }), undefined);
  });

  it("of one tenant's update has no pin that the files do not have any more, and keeps the platform's", () => {
    const first = proofOf([
      ...content(),
      pin("team-a/team-a", older),
      pin("team-b/team-b", older),
      pin("platform", older),
    ]);
    const next = nextTenantProof({ before: first, content: content(), now: start + hour, tenant: "team-a" });
    assert.deepEqual(Object.keys(next?.pins ?? {}), ["team-b/team-b", "platform"]);
  });

  it("of one tenant's update does not have a tenant that left the cluster, and has its removal", () => {
    const first = proofOf([...content(), pin("team-a/team-a", older)]);
    const gone = content().filter(({ name }) => !name.startsWith("team-"));
    const next = nextTenantProof({ before: first, content: gone, now: start + hour, tenant: "team-a" });
    assert.deepEqual([Object.keys(next?.tenants ?? {}), next?.pins], [["team-b"], {}]);
    assert.deepEqual(next?.removed, { "tenant team-a": "2026-01-01T01:00:00Z" });
    const back = nextTenantProof({ before: next, content: content(), now: start + 2 * hour, tenant: "team-a" });
    assert.deepEqual([Object.keys(back?.tenants ?? {}).sort(), back?.removed], [["team-a", "team-b"], undefined]);
  });

  it("of one tenant's update has the settings if no other tenant has changes that it left out", () => {
    const first = proofOf(content());
    const update = { before: first, content: content({ settings: "2" }), now: start + hour, tenant: "team-a" };
    assert.deepEqual(nextTenantProof(update), first);
    const all = nextTenantProof({ ...update, isRestApplied: true });
    assert.deepEqual(all, proofOf(content({ settings: "2" }), start + hour, first));
  });

  it("is read from outputs as it was written, and not from anything else", () => {
    const written = proofOf(content());
    assert.deepEqual(parseProof(JSON.parse(JSON.stringify(written))), written);
    for (const other of [undefined, null, {}, "proved", [], { flux: "v2" }, { flux: { yesterday: "v2" } }]) {
      assert.equal(parseProof(other), undefined);
    }
  });
});
