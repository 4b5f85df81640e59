import assert from "node:assert/strict";
import { fixtures } from "../../support/fixtures.js";
import { root } from "../../support/unit/fleet.js";
import { listedObjects, recordedObjects } from "../../support/unit/registered-names.js";
import { stackNames, stackSpec } from "../../support/unit/stack-config.js";

describe("registeredObjects of stacks", () => {
  for (const [folder, path] of Object.entries({ "the fixtures": fixtures, "the checkout": root })) {
    for (const stack of stackNames(path)) {
      it(`are those that the components register for the stack ${stack} of ${folder}`, async () => {
        const spec = stackSpec(path, stack);
        assert.deepEqual(listedObjects(spec), await recordedObjects(spec));
      });
    }
  }
});
