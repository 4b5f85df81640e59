import assert from "node:assert/strict";
import { Estimate } from "../../../toolchain/estimate.js";
import type { Part } from "../../../toolchain/part.js";
import { planMessage, timeLeft } from "../../../toolchain/progress.js";
import { recipe } from "../../support/fake-machine.js";

describe("the estimate of a build", () => {
  const part = (name: string, coldSeconds: number, supplied = false): Part => ({
    recipe: recipe(name, { coldSeconds, coldPackages: 100 }),
    key: name,
    dir: name,
    file: name,
    ...(supplied ? { supplied: { file: `/bin/${name}`, digest: "0" } } : {}),
  });
  const [one, two] = [part("etcd", 100), part("kwok", 300)];

  it("is by the usual pace until enough is measured", () => {
    const estimate = new Estimate([one, two]);
    assert.equal(estimate.left(0, new Map()), 540);
    assert.equal(Math.round(estimate.left(5000, new Map([[one, 50]]))), Math.round((400 - 45) * 1.35));
  });

  it("follows this machine's pace: one that takes twice as long takes twice as long for the rest", () => {
    const estimate = new Estimate([one, two]);
    estimate.finish(one);
    assert.equal(estimate.left(200, new Map()), 600);
    assert.equal(estimate.left(50, new Map()), 150);
  });

  it("counts the packages that are compiled, and never more than the part", () => {
    const estimate = new Estimate([one, two]);
    estimate.finish(one);
    // A third of kwok's compilation, nine tenths of its 300 s: 90 s.
    assert.equal(Math.round(estimate.left(190, new Map([[two, 100 / 3]]))), 210);
    assert.ok(estimate.left(370, new Map([[two, 5000]])) > 0);
  });

  it("is nothing for a program of the machine", () => {
    assert.equal(new Estimate([part("etcd", 100, true)]).total, 0);
  });

  it("is put in words", () => {
    assert.equal(timeLeft(59), "less than a minute left");
    assert.equal(timeLeft(1270), "about 21 min left");
    assert.match(planMessage(17, 1200, 100e9), /^17 of .*: about 20 to 36 min on 2 cores.* once for each version\.$/);
  });
});
