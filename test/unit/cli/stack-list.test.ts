import assert from "node:assert/strict";
import { outputs, PromoteCheckout } from "../../support/unit/promote-checkout.js";

describe("fleet stack list", () => {
  let checkout: PromoteCheckout;
  beforeEach(() => {
    checkout = new PromoteCheckout();
  });
  afterEach(() => checkout.end());

  it("prints the chain, with stacks that cannot be read", async () => {
    const read = async (_root: string, stack: string) =>
      stack === "staging" ? outputs() : { reason: "not logged in" };
    const { code, out } = await checkout.run(["stack", "list"], { outputs: read });
    assert.equal(code, 0);
    assert.match(out, /^staging\n {2}Flux: v2\.9\.2 [0-9a-f]{8} since 2026-01-01T00:00:00Z\n/);
    assert.match(out, /\n\nprod-eu, promotes from staging\n {2}outputs could not be read: not logged in\n$/);
  });
});
