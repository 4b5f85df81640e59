import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { retry } from "../../../flux-runner/retry.js";
import { renewalDelay } from "../../../flux-runner/service-account-token.js";

const forever = new AbortController().signal;

describe("persisting against the API server", () => {
  it("tries again after an error, and says so", async () => {
    const log: string[] = [];
    let attempts = 0;
    const action = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("connection refused");
      return "done";
    };
    assert.equal(await retry("status of pod x", action, (line) => log.push(line), forever), "done");
    assert.deepEqual(log, ["status of pod x failed, it is tried again in 250 ms: connection refused"]);
  });

  it("does not go on about an object that is gone or is another one by now", async () => {
    for (const code of [404, 409]) {
      const gone = () => Promise.reject(new ApiException(code, "", "", {}));
      assert.equal(await retry("status", gone, () => assert.fail("logged"), forever), undefined);
    }
  });

  it("ends when its pod does", async () => {
    const end = new AbortController();
    const failing = () => Promise.reject(new Error("away"));
    assert.equal(await retry("status", failing, () => end.abort(), end.signal), undefined);
  });
});

describe("the renewal of a token", () => {
  const now = new Date("2026-01-01T00:00:00Z");

  it("comes well before the token ends", () => {
    assert.equal(renewalDelay(new Date("2026-01-01T01:00:00Z"), now), 48 * 60 * 1000);
  });

  it("does not race when the clocks disagree and the token seems to be over", () => {
    assert.equal(renewalDelay(new Date("2025-12-31T00:00:00Z"), now), 1000);
  });
});
