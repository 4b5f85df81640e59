import assert from "node:assert/strict";
import type { Part } from "../../../promotion/content.js";
import { nextTenantProof, parseProof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import {
  commit,
  content,
  hour,
  look,
  needsReady,
  plain,
  proofOf,
  refusals,
  staging,
  start,
} from "../../support/unit/promotion-gate.js";

const isTeam = ({ name }: Part) => name === "team-b";
const isChart = ({ kind }: Part) => kind === "chart";
const without = (isRemoved: (part: Part) => boolean) => content().filter((part) => !isRemoved(part));
/** The proof of prod, which runs everything. */
const own = proofOf(content());
/** The proof of a stack that has run everything, and has removed parts at a time. */
const removedAt = (isRemoved: (part: Part) => boolean, now: number) => proofOf(without(isRemoved), now, own);

describe("promotion of a removal refuses", () => {
  it("a tenant, and a chart, that the predecessor still runs, each by name", () => {
    const lines = refusals({ own, content: without((part) => isTeam(part) || isChart(part)) });
    assert.deepEqual(lines, [
      "stacks/prod/tenants/team-b.yaml: the stack staging still runs the tenant team-b, which this update removes. Remove it from staging first, and run pulumi up there.",
      "fleet/clusters/prod: the stack staging still runs HelmRelease x/y, which this update removes. Remove it from staging first, and run pulumi up there.",
    ]);
  });

  it("one that the predecessor has removed for less than the soak", () => {
    const predecessor = staging(removedAt(isTeam, start + hour / 2));
    const lines = refusals({ own, content: without(isTeam), promotion: { ...plain, soak: "1h" }, predecessor });
    assert.deepEqual(lines, [
      "stacks/prod/tenants/team-b.yaml: the stack staging has run without the tenant team-b for 30m, and fleet:soak is 1h. Wait for another 30m, while it stays in force there.",
    ]);
  });

  it("one that the predecessor has removed and taken back", () => {
    const back = proofOf(content(), start + hour / 2, removedAt(isTeam, start + hour / 4));
    const lines = refusals({ own, content: without(isTeam), predecessor: staging(back) });
    assert.match(lines.join(), /^stacks\/prod\/tenants\/team-b\.yaml: the stack staging still runs the tenant team-b/);
  });

  it("one without which the predecessor was never Ready, where that is needed, and its soak begins with the look", () => {
    const looked = withLook(own, look(commit), start);
    const removed = proofOf(without(isChart), start + hour / 2, looked);
    const args = { own, content: without(isChart), promotion: needsReady };
    const never = refusals({ ...args, predecessor: staging(removed) });
    assert.deepEqual(never, [
      "fleet/clusters/prod: the stack staging has removed HelmRelease x/y, and was never Ready without it. Run npx fleet wait staging, and correct first what it names.",
    ]);
    const broken = withLook(removed, look(commit, { platform: "boom" }), start + hour / 2);
    assert.deepEqual(refusals({ ...args, predecessor: staging(broken) }), never);
    const ready = staging(withLook(broken, look(commit), start + hour));
    assert.deepEqual(refusals({ ...args, predecessor: ready, now: start + hour }), []);
    const soaking = refusals({ ...args, predecessor: ready, promotion: { ...needsReady, soak: "30m" } });
    assert.match(soaking.join(), /has run without HelmRelease x\/y for 0s, and fleet:soak is 30m/);
  });

  it("one with a look from before a second removal", () => {
    const first = withLook(removedAt(isTeam, start + 1000), look(commit), start + 2000);
    const again = proofOf(without(isTeam), start + 4000, proofOf(content(), start + 3000, first));
    const args = { own, content: without(isTeam), promotion: needsReady };
    assert.match(refusals({ ...args, predecessor: staging(again) }).join(), /never Ready without it/);
  });

  it("each during a freeze, on a stack without predecessor too", () => {
    const freeze = { from: "2026-01-01T00:00", until: "2026-01-02T00:00", reason: "Closing", timeZone: "UTC" };
    const promotion = { needs: "applied", soak: "0s", freezes: [freeze], longestOverride: "2160h" } as const;
    const lines = refusals({ own, content: without(isChart), promotion, predecessor: undefined });
    assert.match(lines.join(), /and this update changes the removal of HelmRelease x\/y\./);
  });
});

describe("promotion of a removal lets pass", () => {
  it("one that the predecessor has removed for long enough, and one of a part that it never had", () => {
    const predecessor = staging(removedAt(isTeam, start));
    const args = { own, content: without(isTeam), promotion: { ...plain, soak: "1h" } };
    assert.deepEqual(refusals({ ...args, predecessor }), []);
    assert.deepEqual(refusals({ ...args, predecessor: staging(proofOf(without(isTeam))) }), []);
  });

  it("a tenant that the predecessor has removed, while its platform is not Ready", () => {
    const looked = withLook(own, look(commit), start);
    const removed = proofOf(without(isTeam), start + 1000, looked);
    const { "team-b/team-b": _, ...revisions } = look(commit).revisions;
    const broken = withLook(removed, { revisions, waiting: { platform: "boom" } }, start + 2000);
    assert.deepEqual(
      refusals({ own, content: without(isTeam), promotion: needsReady, predecessor: staging(broken) }),
      [],
    );
  });

  it("one that the predecessor still runs by an override", () => {
    const override = { reason: "Contract ended", until: "2026-01-01T02:00", timeZone: "UTC" };
    assert.deepEqual(refusals({ own, content: without(isTeam), promotion: { ...plain, override } }), []);
  });
});

describe("a proof of removals", () => {
  it("keeps the time of each, also through later updates, and forgets a part that came back", () => {
    const removed = removedAt(isTeam, start + hour);
    assert.deepEqual(removed.removed, { "tenant team-b": "2026-01-01T01:00:00Z" });
    assert.deepEqual(proofOf(without(isTeam), start + 2 * hour, removed), removed);
    assert.deepEqual(parseProof(JSON.parse(JSON.stringify(removed))), removed);
    assert.equal(proofOf(content(), start + 2 * hour, removed).removed, undefined);
    const ofOne = nextTenantProof({ before: removed, content: content(), now: start + 2 * hour, tenant: "team-b" });
    assert.equal(ofOne?.removed, undefined);
  });

  it("stays equal after a second look", () => {
    const looked = withLook(removedAt(isTeam, start), look(commit), start + 1000);
    assert.deepEqual(looked.ready?.removed, { "tenant team-b": "2026-01-01T00:00:01Z" });
    assert.deepEqual(withLook(looked, look(commit), start + hour), looked);
  });
});
