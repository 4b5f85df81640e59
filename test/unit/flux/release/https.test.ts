import assert from "node:assert/strict";
import { httpsRequest } from "../../../../flux/release/https.js";
import { redirect } from "../../../support/unit/lock-outside.js";
import { withSilentServer } from "../../../support/unit/silent-server.js";

const address = "https://files.example.com/a";
const megabyte = 1024 * 1024;

describe("a request over https", () => {
  function ask(answer: () => Response | Promise<Response>, where = address) {
    const transport = { fetch: async () => answer(), timeoutMs: 5000 };
    return httpsRequest(where, { transport, advice: "Look outside", maxBytes: megabyte });
  }

  it("never leaves https, not even at first", async () => {
    await assert.rejects(
      ask(() => assert.fail("no request may be sent"), "http://files.example.com/a"),
      /http:\/\/files\.example\.com\/a is not https/,
    );
  });

  it("says what failed, why, and what to do", async () => {
    for (const [answer, message] of [
      [
        () => Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })),
        /failed: ECONNREFUSED/,
      ],
      [() => redirect(address), /more than 5 redirects/],
      [() => redirect("https://"), /Invalid URL/],
      [() => new Response("a".repeat(megabyte + 1)), /larger than 1 MiB/],
      [() => new Response(new Uint8Array([0xff])), /encoded data was not valid/],
    ] as const) {
      await assert.rejects(ask(answer), (error) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, /^https:\/\/files\.example\.com\/a: cannot be fetched: .*\. Look outside\.$/);
        assert.match(error.message, message);
        return true;
      });
    }
  });

  it("gives up on a server that never answers", () =>
    withSilentServer(async (fetch) => {
      const request = { transport: { fetch, timeoutMs: 20 }, advice: "Look outside", maxBytes: megabyte };
      await assert.rejects(httpsRequest(address, request), /no complete answer within 0\.02 s/);
    }));

  it("hands on an answer that is no success, for only the caller knows what it means", async () => {
    const { status, statusLine } = await ask(() => new Response("no", { status: 404, statusText: "Not Found" }));
    assert.deepEqual([status, statusLine], [404, "404 Not Found"]);
  });
});
