import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { DEFAULT_LIMITS, limitedFetch, NoAnswer, type RequestLimits } from "../../../../lib/github/fetch.js";
import { httpServer, socketServer, type TestServer } from "../../../support/unit/servers.js";

describe("limitedFetch", () => {
  let server: TestServer | undefined;
  const waits: number[] = [];
  const warnings: string[] = [];
  const limits: RequestLimits = {
    ...DEFAULT_LIMITS,
    wait: async (milliseconds) => waits.push(milliseconds),
    warn: (message) => warnings.push(message),
  };
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    waits.splice(0);
    warnings.splice(0);
  });

  const get = async (changes: Partial<RequestLimits> = {}) =>
    limitedFetch(fetch, { ...limits, ...changes })(`http://127.0.0.1:${server?.port}/`, {});
  /** Answers with a status and headers as often as told, then with 200. */
  const limited = (times: number, status: number, headers: Record<string, string>, body = "{}"): RequestListener => {
    let left = times;
    return (_, response) => {
      left -= 1;
      if (left < 0) response.writeHead(200).end("[]");
      else response.writeHead(status, headers).end(body);
    };
  };

  it("ends the wait for a server that accepts and never answers", async () => {
    server = await socketServer();
    await assert.rejects(get({ timeoutMs: 100 }), (error) => {
      assert.ok(error instanceof NoAnswer);
      assert.equal(error.message, "there was no complete answer within 0.1 s");
      return true;
    });
  });

  it("takes no answer that breaks off for an empty one", async () => {
    server = await httpServer((_, response) => response.writeHead(200, { "content-length": "9" }).write("["));
    await assert.rejects(get({ timeoutMs: 100 }), NoAnswer);
    await server.stop();
    server = await httpServer((_, response) => {
      response.writeHead(200, { "content-length": "9" });
      response.write("[", () => response.destroy());
    });
    await assert.rejects(get(), /terminated|fetch failed/);
  });

  it("waits as long as GitHub asks when a secondary rate limit answers 403 or 429 with Retry-After", async () => {
    for (const status of [403, 429]) {
      server = await httpServer(limited(2, status, { "retry-after": "60" }));
      assert.equal((await get()).status, 200);
      await server.stop();
    }
    assert.deepEqual(waits, [60_000, 60_000, 60_000, 60_000]);
    assert.match(warnings[0] ?? "", /^GitHub's rate limit is used up: waiting 60 s/);
  });

  it("waits until the primary rate limit is reset", async () => {
    const reset = Math.floor(Date.now() / 1000) + 120;
    server = await httpServer(limited(1, 403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) }));
    assert.equal((await get()).status, 200);
    assert.ok((waits[0] ?? 0) > 100_000 && (waits[0] ?? 0) <= 120_000, String(waits));
  });

  it("waits a minute, then two, when a secondary rate limit names no time", async () => {
    const body = JSON.stringify({ message: "You have exceeded a secondary rate limit." });
    server = await httpServer(limited(2, 403, {}, body));
    assert.equal((await get()).status, 200);
    assert.deepEqual(waits, [60_000, 120_000]);
  });

  it("returns GitHub's refusal at once when the wait would be longer than the limit", async () => {
    server = await httpServer(limited(9, 403, { "retry-after": "400" }));
    assert.equal((await get()).status, 403);
    assert.deepEqual(waits, [400_000]);
  });

  it("does not wait for any other 403, nor for other statuses", async () => {
    for (const status of [403, 404, 500]) {
      server = await httpServer(limited(9, status, { "x-ratelimit-remaining": "4999", "x-ratelimit-reset": "1" }));
      assert.equal((await get()).status, status);
      await server.stop();
    }
    assert.deepEqual(waits, []);
  });
});
