import assert from "node:assert/strict";
import { join } from "node:path";
import { recordStack } from "../../../../review/record/record-stack.js";
import { findingLine, isBlocking, judge } from "../../../../review/rules/judge.js";
import { readWaivers } from "../../../../review/rules/waivers.js";
import { fixtures } from "../../../support/fixtures.js";
import { root } from "../../../support/unit/fleet.js";
import { stackConfig, stackNames, stackSpec } from "../../../support/unit/stack-config.js";

/** Folders with stacks. That of a fork has image automation, whose key may push. */
const folders = { "the checkout's": root, "the fixtures'": fixtures, "the fork's": join(fixtures, "fork") };

/** The stacks of the checkout and of the fixtures. Flux's own objects come from a manifest that a checkout lacks. */
describe("the rules of a review, on", () => {
  for (const [owner, folder] of Object.entries(folders)) {
    for (const stack of stackNames(folder)) {
      it(`${owner} stack ${stack}, find nothing that a waiver does not accept`, async () => {
        const today = new Date().toISOString().slice(0, 10);
        const plan = await recordStack({
          root: folder,
          spec: stackSpec(folder, stack),
          config: stackConfig(folder, stack),
        });
        const findings = judge({ plan }, { waivers: readWaivers(folder, today), today });
        assert.deepEqual(findings.filter(isBlocking).map(findingLine), []);
      });
    }
  }
});
