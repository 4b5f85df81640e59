import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

/** The code that the engine runs, and nothing else: tests, the sandbox and the commands are no part of the program. */
const program = /^(?:index\.ts|(?:components|config|flux|lib|policies|preflight|promotion)\/.*\.ts)$/;

/**
 * A preview tells every loss, every change by hand and every name that an update takes over. The end-to-end tests read
 * these sentences from whichever of the two they run, so nothing else may distinguish a preview.
 */
describe("The program, in a preview and in an update", () => {
  it("differs by the refusals of the promotion gate and of ended exceptions, and by outputs that no preview knows", () => {
    const uses = ourFiles()
      .filter((file) => program.test(file))
      .flatMap((file) => {
        const count = readFileSync(`${root}/${file}`, "utf8").split(/\bisDryRun\b/).length - 1;
        return count === 0 ? [] : [[file, count] as const];
      });
    assert.deepEqual(Object.fromEntries(uses), { "components/promotion/proved.ts": 2, "index.ts": 1 });
    const code = readFileSync(`${root}/index.ts`, "utf8");
    assert.match(code, /const isPreview = pulumi\.runtime\.isDryRun\(\);/);
    assert.match(code, /promotion: checkPromotion\([^;]*isPreview,[^;]*exceptions: checkExceptions\([^;]*isPreview,/);
    assert.equal(code.split(/\bisPreview\b/).length - 1, 3);
  });
});
