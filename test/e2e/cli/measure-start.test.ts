import assert from "node:assert/strict";
import { MeasuredProgram } from "../../measure/start/measured-program.js";

/** The measure of `npm run measure:start`; its times depend on the machine. */
describe("the measure of the program's start", function () {
  this.timeout(120_000);
  let program: MeasuredProgram;
  before(async () => {
    program = await MeasuredProgram.create(2);
  });
  after(() => program.end());

  it("sees the first registration and all others, without a cache and with it", async () => {
    for (let run = 0; run < 2; run += 1) {
      const { first, end } = await program.run();
      assert.ok(0 < first && first < end, `${first} ${end}`);
      assert.ok(program.resources > 150, String(program.resources));
    }
  });

  it("loads the packages alone", async () => assert.ok((await program.loadPackages()) > 0));
});
