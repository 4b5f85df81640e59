import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { drawChart } from "../../../bench/charts/chart.js";
import { curvesOf } from "../../../bench/charts/curves.js";
import { root } from "../../../support/unit/fleet.js";

const folder = join(root, "docs", "benchmarks");
const jobs = (factor: number) => ({ up: [4 * factor], preview: [factor], change: [factor], destroy: [factor] });

function result(...tenants: readonly number[]): string {
  const sizes = tenants.map((count) => ({
    tenants: count,
    seconds: { fleet: jobs(count), peer: jobs(2 * count), floor: { up: [count] } },
  }));
  return JSON.stringify({ peer: { sizes } });
}

describe("the curves of docs/benchmarks.md", () => {
  it("are not drawn from a run without a peer, or without a size", () => {
    assert.throws(() => curvesOf("{}"), /peer/);
    assert.throws(() => curvesOf(result()), /sizes/);
    assert.throws(() => curvesOf("nothing"), SyntaxError);
  });

  it("go from the smallest number of tenants to the largest, and leave out what the floor does not do", () => {
    const { panels } = curvesOf(result(30, 10));
    assert.deepEqual(panels[0]?.curves, {
      fleet: [
        [10, 40],
        [30, 120],
      ],
      OpenTofu: [
        [10, 80],
        [30, 240],
      ],
      floor: [
        [10, 10],
        [30, 30],
      ],
    });
    assert.deepEqual(Object.keys(panels[1]?.curves ?? {}), ["fleet", "OpenTofu"]);
  });

  it("have one of the jobs without checkpoints where these were measured", () => {
    const [size] = JSON.parse(result(10)).peer.sizes;
    const measured = { ...size, withoutCheckpoints: { up: [3, 1, 2], change: [1], destroy: [1] } };
    const { panels } = curvesOf(JSON.stringify({ peer: { sizes: [size, { ...measured, tenants: 30 }] } }));
    assert.deepEqual(panels[0]?.curves["fleet without checkpoints"], [[30, 2]]);
    assert.equal(panels[1]?.curves["fleet without checkpoints"], undefined);
  });

  for (const theme of ["light", "dark"] as const) {
    it(`are those of the committed data: peer-${theme}.svg (npm run charts)`, async () => {
      const curves = curvesOf(await readFile(join(folder, "result.json"), "utf8"));
      assert.equal(drawChart(curves, theme), await readFile(join(folder, `peer-${theme}.svg`), "utf8"));
    });
  }

  it("are drawn alike each time, with every job and every name", () => {
    const picture = drawChart(curvesOf(result(10, 30)), "dark");
    assert.equal(drawChart(curvesOf(result(10, 30)), "dark"), picture);
    for (const word of ["up (median, s, logarithmic)", "one-tenant change", "fleet", "OpenTofu", "floor", "tenants"]) {
      assert.ok(picture.includes(word), word);
    }
  });
});
