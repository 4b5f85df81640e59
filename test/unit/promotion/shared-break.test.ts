import assert from "node:assert/strict";
import type { Part } from "../../../promotion/content.js";
import { type Proof, parseProof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import { brokenByShared } from "../../../promotion/shared-break.js";
import {
  commit,
  content,
  hour,
  look,
  needsReady,
  newer,
  proofOf,
  refusals,
  staging,
  start,
} from "../../support/unit/promotion-gate.js";

const boom = { "team-b/team-b": "boom" };
const well = withLook(proofOf(content()), look(commit), start);
/** An update an hour after the stack was Ready. */
const updated = (parts: readonly Part[], before: Proof = well, now = start + hour) => proofOf(parts, now, before);
const broken = (proved: Proof) => brokenByShared(proved, boom);

describe("a tenant that is not Ready since a shared part changed", () => {
  const withoutChart = content().filter(({ kind }) => kind !== "chart");
  for (const [parts, words] of [
    [content({ flux: "2" }), "Flux"],
    [content({ program: "2" }), "the program"],
    [content({ settings: "2" }), "the settings of the stack"],
    [content({ "chart HelmRelease x/y": "2" }), "HelmRelease x/y"],
    [withoutChart, "the removal of HelmRelease x/y"],
  ] as const) {
    it(`puts the part under suspicion, and keeps it out of the record, also at the next look: ${words}`, () => {
      const proved = updated(parts);
      assert.deepEqual(broken(proved), { tenants: ["team-b"], parts: [words] });
      const first = withLook(proved, look(commit, boom), start + hour);
      const again = withLook(first, look(newer, boom), start + 2 * hour);
      for (const { ready } of [first, again]) {
        const { flux, program, settings, charts, removed } = well.ready ?? {};
        assert.deepEqual(
          [ready?.flux, ready?.program, ready?.settings, ready?.removed ?? {}],
          [flux, program, settings, removed ?? {}],
        );
        if (words !== "the removal of HelmRelease x/y") assert.deepEqual(ready?.charts, charts);
        assert.deepEqual(ready?.broken, { "team-b": "2026-01-01T01:00:00Z" });
      }
      assert.deepEqual(broken(again).tenants, ["team-b"]);
    });
  }

  it("keeps the part from the next stack, with the reason, until the tenant is Ready", () => {
    const parts = content({ program: "2" });
    const first = withLook(updated(parts), look(commit, boom), start + hour);
    const args = { promotion: needsReady, own: proofOf(content()), content: parts, now: start + 2 * hour };
    assert.match(
      refusals({ ...args, predecessor: staging(first) }).join(),
      /has applied this version of the program, and was never Ready with it \(team-b: boom\)/,
    );
    const mended = withLook(first, look(newer), start + 2 * hour);
    assert.deepEqual(refusals({ ...args, predecessor: staging(mended) }), []);
    assert.equal(mended.ready?.broken, undefined);
    assert.deepEqual(parseProof(JSON.parse(JSON.stringify(first))), first);
  });

  it("is the same when another change of its own comes afterwards", () => {
    const first = withLook(updated(content({ program: "2" })), look(commit, boom), start + hour);
    const parts = content({ program: "2", "tenant team-b": "2" });
    assert.deepEqual(broken(updated(parts, first, start + 2 * hour)).tenants, ["team-b"]);
  });
});

describe("a tenant that is not Ready by itself", () => {
  const none = { tenants: [], parts: [] };
  it("holds back no shared part when nothing else changed, its own files did, or it never was Ready", () => {
    assert.deepEqual(broken(well), none);
    assert.deepEqual(broken(updated(content({ program: "2", "tenant team-b": "2" }))), none);
    assert.deepEqual(broken(proofOf(content())), none);
  });

  it("holds back no shared part that came after a look had found it broken", () => {
    const before = withLook(well, look(newer, boom), start + hour);
    const proved = updated(content({ program: "2" }), before, start + 2 * hour);
    assert.deepEqual(broken(proved), none);
    const { ready } = withLook(proved, look(newer, boom), start + 3 * hour);
    assert.ok(Object.values(ready?.program ?? {}).includes("2"));
  });

  it("holds back no settings by the record of an older version, which has none", () => {
    const { settings: _, ...ready } = well.ready ?? assert.fail();
    const older: Proof = { ...well, ready };
    assert.deepEqual(broken(updated(content({ settings: "2" }), older)), none);
  });
});
