import assert from "node:assert/strict";
import { renderPeer } from "../../../bench/peer/report.js";
import { compare, isMet, type PeerSize, type Samples } from "../../../bench/peer/samples.js";

const requests = { up: 230, preview: 5, change: 6, destroy: 35 };

function size(seconds: Partial<Samples> = {}): PeerSize {
  const same = { up: [10], preview: [10], change: [10], destroy: [10] };
  return {
    tenants: 10,
    seconds: { fleet: same, peer: same, floor: {}, ...seconds },
    requests: { fleet: requests, peer: requests },
  };
}

const jobsOf = (seconds: Partial<Samples>) =>
  Object.fromEntries(compare(size(seconds)).map((one) => [one.job, one] as const));

describe("the comparison with a peer", () => {
  it("is an error when a job was not measured", () => {
    assert.throws(() => compare(size({ peer: { up: [1], preview: [1], change: [] } })), /change of 10 tenants was not/);
    assert.throws(() => compare(size({ fleet: {} })), /up of 10 tenants was not measured/);
  });

  it("takes medians, so that one slow round does not decide", () => {
    const { up } = jobsOf({
      fleet: { up: [900, 10, 12], preview: [1, 3], change: [1], destroy: [1] },
      peer: { up: [24, 2, 900], preview: [4], change: [1], destroy: [1] },
    });
    assert.deepEqual([up?.fleet, up?.peer, up?.peerRatio], [12, 24, 0.5]);
  });

  it("has no ratio to a floor that was not measured", () => {
    const { change, up } = jobsOf({ floor: { up: [5] } });
    assert.equal(up?.floorRatio, 2);
    assert.equal(change !== undefined && "floorRatio" in change, false);
  });

  it("meets its goals only ahead of the peer, and an up within twice the floor", () => {
    const one = { job: "up", fleet: 10, peer: 20, peerRatio: 0.5 } as const;
    assert.equal(isMet(one), true);
    assert.equal(isMet({ ...one, peerRatio: 1 }), false);
    assert.equal(isMet({ ...one, floorRatio: 2 }), true);
    assert.equal(isMet({ ...one, floorRatio: 2.01 }), false);
    assert.equal(isMet({ ...one, job: "preview", floorRatio: 15 }), true);
  });

  it("prints the parts of jobs that are Pulumi's own, beside the peer's whole jobs", () => {
    const unavoidable = { emptyPreview: [2, 3, 900], firstPreview: [5] };
    const text = renderPeer({ name: "OpenTofu", rounds: 3, sizes: [{ ...size(), unavoidable }] });
    assert.match(text, /10 │ preview of an empty program +│ +3\.0 s │ no-change preview │ +30 % │ +10\.0 s/);
    assert.match(text, /10 │ the engine's preview before up │ +5\.0 s │ up +│ +50 % │ +10\.0 s/);
    assert.match(text, /10 │ the engine's preview before up │ +10\.0 s │ one-tenant change │ +100 % │ +10\.0 s/);
  });

  it("prints the jobs without checkpoints beside the same jobs of both, if they were measured", () => {
    const withoutCheckpoints = { up: [4, 5, 900], change: [12], destroy: [10] };
    const text = renderPeer({ name: "OpenTofu", rounds: 3, sizes: [{ ...size(), withoutCheckpoints }] });
    assert.match(text, /10 │ up +│ +10\.0 s │ +5\.0 s │ +10\.0 s │ +0\.50×/);
    assert.match(text, /10 │ one-tenant change +│ +10\.0 s │ +12\.0 s │ +10\.0 s │ +1\.2×/);
    assert.doesNotMatch(renderPeer({ name: "OpenTofu", rounds: 3, sizes: [size()] }), /without checkpoints/);
  });

  it("prints each job with its ratios and goals, and the requests of both", () => {
    const text = renderPeer({ name: "OpenTofu", rounds: 2, sizes: [size({ floor: { up: [4] } })] });
    assert.match(text, /10 │ up +│ +10\.0 s │ +10\.0 s │ +4\.0 s │ +1\.0× │ +2\.5× │ not met/);
    assert.match(text, /10 │ one-tenant change +│ +10\.0 s │ +10\.0 s │ +- │ +1\.0× │ +- │ not met/);
    assert.match(text, /10 │ no-change preview +│ +5 │ +5 │/);
    assert.match(text, /Medians of 2 rounds/);
  });
});
