import assert from "node:assert/strict";
import { type ApiClient, apiClient } from "../../../../cli/cluster/api-client.js";
import type { Answer } from "../../../../lib/network/connections.js";
import { beginWait, waitsUntil } from "../../../../lib/time/waits.js";
import { FakeClock } from "../../../support/unit/fake-clock.js";

/** Answers to the requests for one path, the last of them for ever. Undefined for none before the end of the wait. */
type Answers = readonly (Partial<Answer> | undefined)[];

/** A client of a server that answers each path as it is told. */
async function clientOf(answers: Readonly<Record<string, Answers>>, begin = beginWait): Promise<ApiClient> {
  const asked = new Map<string, number>();
  const url = "https://api.example.com";
  const send = async (address: string, _: unknown, signal: AbortSignal): Promise<Answer> => {
    const path = address.slice(url.length);
    const count = asked.get(path) ?? 0;
    asked.set(path, count + 1);
    const known = answers[path] ?? [{}];
    const answer = known[Math.min(count, known.length - 1)];
    if (answer !== undefined) return { status: 200, body: "{}", ...answer };
    return await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const login = async () => ({ url, headers: {}, connections: { send, end: () => undefined } });
  return await apiClient({ context: "c", login, canRenew: false, limits: { answerMs: 30_000, begin } });
}

const refusal = (retryAfter?: string): Partial<Answer> => ({ status: 429, retryAfter });

describe("an overloaded API server", () => {
  const counted = async (client: ApiClient, path: string) => {
    const before = client.requests();
    const { status } = await client.send({ path });
    return [status, client.requests() - before];
  };

  it("is asked again when it wants that", async () => {
    const client = await clientOf({ "/twice": [refusal("0"), refusal("0"), {}] });
    assert.deepEqual(await counted(client, "/twice"), [200, 3]);
    assert.deepEqual(await counted(client, "/other"), [200, 1]);
  });

  // Without a time, a 429 is none of priority and fairness: that of an eviction, for example.
  for (const [title, retryAfter] of [
    ["names no time", undefined],
    ["names an empty time", ""],
    ["names a date", "Fri, 27 Nov 2026 13:45:21 GMT"],
    ["names a time in the past", "-5"],
    ["names a part of a second", "0.0005"],
    ["names no number", "soon"],
  ] as const) {
    it(`is not asked again when it ${title}`, async () => {
      assert.deepEqual(await counted(await clientOf({ "/x": [refusal(retryAfter)] }), "/x"), [429, 1]);
    });
  }

  it("is asked six times for one request that it always refuses, and once for each further one", async () => {
    const client = await clientOf({ "/always": [refusal("0")], "/again": [refusal("0")] });
    assert.deepEqual(await counted(client, "/always"), [429, 6]);
    const each = Array.from({ length: 100 }, () => counted(client, "/again"));
    await Promise.all(each);
    assert.equal(client.requests(), 106);
    assert.deepEqual(await counted(client, "/other"), [200, 1]);
  });

  it("holds no request for longer than the whole wait, whatever the time that it names", async () => {
    const clock = new FakeClock();
    const begin = waitsUntil(() => 60_000, clock);
    const client = await clientOf({ "/x": [refusal("1000000000")] }, begin);
    const { status } = await clock.settle(client.send({ path: "/x" }));
    assert.equal(status, 429);
    assert.ok(clock.now() <= 60_000, String(clock.now()));
  });

  it("that refuses, and then is silent until the end of the wait, has refused", async () => {
    const clock = new FakeClock();
    const client = await clientOf(
      { "/x": [refusal("1"), undefined] },
      waitsUntil(() => 60_000, clock),
    );
    assert.equal((await clock.settle(client.send({ path: "/x" }))).status, 429);
    const silent = await clientOf(
      { "/x": [undefined] },
      waitsUntil(() => 60_000, clock),
    );
    await assert.rejects(clock.settle(silent.send({ path: "/x" })), /no complete answer within the time of the whole/);
  });
});
