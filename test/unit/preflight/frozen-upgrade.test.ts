import assert from "node:assert/strict";
import { describeFrozenUpgrade } from "../../../preflight/frozen-upgrade.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const freeze = { until: "2027-01-31", reason: "An audit" };
const jobs = { path: "./jobs", ref: { tag: "v1" } };
const frozen = fleetSpec({
  tenants: [tenantSpec("team-a", { syncs: { jobs: { ...jobs, freeze } } }), tenantSpec("team-b")],
});
const { version } = frozen.flux;

describe("an update of Flux while files freeze syncs", () => {
  it("names the syncs that lose what was fetched for them", () => {
    const [sentence = "", ...others] = describeFrozenUpgrade(frozen, ["v2.0.0", version]);
    assert.deepEqual(others, []);
    assert.match(sentence, /replaces Flux v2\.0\.0 by v\S+ while files freeze the syncs team-a\/jobs\. /);
  });

  it("is none without a freeze, without another version, and in the first update", () => {
    assert.deepEqual(describeFrozenUpgrade(fleetSpec({ tenants: [tenantSpec("team-a")] }), ["v2.0.0"]), []);
    for (const former of [[], [version]]) assert.deepEqual(describeFrozenUpgrade(frozen, former), []);
  });
});
