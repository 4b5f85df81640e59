import assert from "node:assert/strict";
import { parseProof } from "../../../promotion/proof.js";
import { soakedProof } from "../../../promotion/soaked-proof.js";

const now = Date.UTC(2026, 0, 10);
const proved =
  parseProof({
    flux: { "2026-01-01T00:00:00Z": "v2.8.1", "2026-01-09T12:00:00Z": "v2.9.2" },
    program: { "2026-01-02T00:00:00Z": "one" },
    tenants: {
      new: { "2026-01-09T12:00:00Z": "a" },
      back: { "2026-01-01T00:00:00Z": "a", "2026-01-08T00:00:00Z": "b", "2026-01-09T12:00:00Z": "a" },
      none: {},
    },
    charts: { proxy: { "2026-01-09T00:00:00Z": "proxy 2" } },
  }) ?? assert.fail();

describe("the content that has soaked", () => {
  it("lacks each value in force that is too new, and never has an older one in its place", () => {
    const soaked = soakedProof(proved, "24h", now);
    assert.deepEqual(soaked.flux, {});
    assert.deepEqual(soaked.tenants, { new: {}, back: { "2026-01-09T12:00:00Z": "a" }, none: {} });
  });

  it("has each value in force that has run for the time, or for all its times together", () => {
    const soaked = soakedProof(proved, "24h", now);
    assert.deepEqual(soaked.program, { "2026-01-02T00:00:00Z": "one" });
    assert.deepEqual(soaked.charts, { proxy: { "2026-01-09T00:00:00Z": "proxy 2" } });
    assert.deepEqual(soakedProof(proved, "12h", now).flux, { "2026-01-09T12:00:00Z": "v2.9.2" });
    assert.deepEqual(soakedProof(proved, "0s", now).tenants.new, { "2026-01-09T12:00:00Z": "a" });
  });
});
