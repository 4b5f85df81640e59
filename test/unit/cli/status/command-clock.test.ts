import assert from "node:assert/strict";
import { commandClock } from "../../../../cli/status/command-clock.js";
import { FakeClock } from "../../../support/unit/fake-clock.js";

describe("the clock of fleet status", () => {
  const startedAt = Date.parse("2026-11-27T12:00:00Z");
  /** Milliseconds that it is ahead of this process, which began 300 ms after that time. */
  const ahead = (value: string | undefined) => {
    return commandClock({ FLEET_STARTED_AT: value }, startedAt + 300, new FakeClock()).now();
  };

  it("counts from the start of the process that started this one", () => {
    assert.equal(ahead(String(startedAt)), 300);
  });

  it("counts from the start of this process without another one, and for a time that is none", () => {
    for (const value of [undefined, "", "soon", "NaN", String(startedAt + 5000)]) assert.equal(ahead(value), 0, value);
  });

  it("takes no more than 10 s from a look, however the clock of the machine was set meanwhile", () => {
    assert.equal(ahead(String(startedAt - 24 * 3_600_000)), 10_000);
  });
});
