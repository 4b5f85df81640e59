import assert from "node:assert/strict";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const files = { [base]: "name: team-a\nprogressiveDelivery: true\n" };

describe("progressive delivery", () => {
  it("is refused where the stack's infrastructure does not have Flagger, where it is written", () => {
    assertProblems(
      { files },
      /^stacks\/base\/tenants\/team-a\.yaml:2: progressiveDelivery: is for stacks that have Flagger, and fleet:addons of Pulumi\.staging\.yaml does not offer it\. Write false in the overlay/,
    );
    assertProblems(
      { files: { [overlay]: "progressiveDelivery: true\n" } },
      /^stacks\/staging\/.*:1: progressiveDelivery/,
    );
  });

  it("cannot be offered by an unknown name, or by a text", () => {
    assertProblems({ config: { offers: '["flager"]' } }, /fleet:offers\[0\]: must be one of flagger/);
    assertProblems({ files, config: { offers: '"flagger"' } }, /fleet:offers: must be a list/);
  });

  it("is accepted where the stack offers it, and off where the file does not ask or an overlay says so", () => {
    assert.equal(load({ files, config: { offers: '["flagger"]' } }).tenants[0]?.progressiveDelivery, true);
    assert.equal(load({ config: { offers: ["flagger"] } }).tenants[0]?.progressiveDelivery, false);
    const off = { ...files, [overlay]: "progressiveDelivery: false\n" };
    assert.equal(load({ files: off }).tenants[0]?.progressiveDelivery, false);
  });
});
