import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { apiClient } from "../../../../cli/cluster/api-client.js";
import { ClusterError } from "../../../../cli/cluster/cluster-error.js";
import { findClusters } from "../../../../cli/status/find-clusters.js";
import { readStatusObjects } from "../../../../cli/status/read-cluster.js";
import { lookLimits, statusTimes } from "../../../../cli/status/time-limits.js";
import type { Wait } from "../../../../lib/time/waits.js";
import { FakeClock } from "../../../support/unit/fake-clock.js";

/** Milliseconds until each part of a cluster answers. */
interface Delays {
  readonly login: number;
  readonly identity: number;
  /** Of its six lists, and of a further page of each. */
  readonly lists: readonly number[];
  readonly pages: number;
}

const never = Number.POSITIVE_INFINITY;
const stacks = ["staging", "prod-eu"];
const atOnce: Delays = { login: 0, identity: 0, lists: [0], pages: 1 };

describe("the time of fleet status", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-times-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function kubeconfigOf(count: number): string {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const file = join(folder, "kubeconfig");
    const content = {
      apiVersion: "v1",
      kind: "Config",
      clusters: names.map((name) => ({ name, cluster: { server: "https://api.example.com" } })),
      users: names.map((name) => ({ name, user: {} })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    };
    writeFileSync(file, stringify(content));
    return file;
  }

  /** Looks at clusters as the command does. The context `c0` leads to staging, `c1` to prod-eu, and others to none of both. */
  async function lookAt(
    clusters: readonly Delays[],
    { clock = new FakeClock(1000), begun = 0, connect = clientOf } = {},
  ) {
    const { limits, waitForGitHub } = lookLimits(statusTimes, begun, clock);
    const found = findClusters({
      stacks,
      chosen: new Map(),
      environment: { KUBECONFIG: kubeconfigOf(clusters.length) },
      limits,
      read: async (client) => ({ ...(await readStatusObjects(client)), at: clock.now() }),
      connect: (context) => {
        const index = Number(context.slice(1));
        return connect({ context, stack: stacks[index], delays: clusters[index] ?? atOnce, clock, limits });
      },
    });
    const work = async () => {
      const read = [...(await found)].map(async ([stack, one]) => {
        return [stack, "read" in one ? await one.read : one.problem] as const;
      });
      const result = new Map(await Promise.all(read));
      // GitHub never answers, with as many branches as there may be.
      await aborted(waitForGitHub());
      return result;
    };
    return { result: await clock.settle(work()), ms: clock.now() };
  }

  const delay = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6000 }), fc.constant(never));
  const delays = fc.record({
    login: delay,
    identity: delay,
    lists: fc.array(delay, { minLength: 1, maxLength: 6 }),
    pages: fc.integer({ min: 1, max: 40 }),
  });

  it("ends 8 s after the start of the process, whatever hangs: logins, identities, lists, each of many pages, GitHub", async () => {
    const start = fc.integer({ min: 0, max: statusTimes.clustersMs - statusTimes.leastMs });
    await fc.assert(
      fc.asyncProperty(fc.array(delays, { minLength: 1, maxLength: 8 }), start, async (clusters, now) => {
        const { ms } = await lookAt(clusters, { clock: new FakeClock(now) });
        assert.ok(ms <= statusTimes.clustersMs + statusTimes.gitHubMs, `${ms} ms`);
      }),
      { numRuns: 60 },
    );
    assert.equal(statusTimes.clustersMs + statusTimes.gitHubMs, 8000);
  });

  it("ends 9 s after the start of the command where this took up to 7.5 s, and else 1.5 s after it", async () => {
    const start = fc.integer({ min: statusTimes.clustersMs - statusTimes.leastMs, max: 20_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(delays, { minLength: 1, maxLength: 8 }), start, async (clusters, now) => {
        const { ms } = await lookAt(clusters, { clock: new FakeClock(now) });
        assert.ok(ms <= Math.max(9000, now + 1500), `${ms} ms after a start of ${now} ms`);
      }),
      { numRuns: 60 },
    );
  });

  it("gives the clusters 2 s after the files, 1 s of these after a long start, and a further look its own time", async () => {
    const silent = { ...atOnce, login: never };
    const slow = await lookAt([silent], { clock: new FakeClock(9000) });
    assert.equal(slow.ms, 9000 + statusTimes.shortest.clustersMs + statusTimes.shortest.gitHubMs);
    for (const [loadedAt, end] of [
      [5500, 7500],
      [6500, 8000],
      [8000, 9000],
    ] as const) {
      const clock = new FakeClock(3000);
      const { limits, onLoaded } = lookLimits(statusTimes, 0, clock);
      await clock.settle(clock.delay(loadedAt - 3000));
      onLoaded();
      await clock.settle(aborted(limits.begin?.(2500) ?? assert.fail()));
      assert.equal(clock.now(), end);
    }
    const further = await lookAt([silent], { clock: new FakeClock(60_000), begun: 60_000 });
    assert.equal(further.ms, 60_000 + statusTimes.loginMs + 4000);
  });

  it("reads a stack at once, however long the contexts of others keep silent", async () => {
    const { result } = await lookAt([
      atOnce,
      { ...atOnce, identity: 800 },
      ...Array(6).fill({ ...atOnce, login: never }),
    ]);
    const times = stacks.map((stack) => Object(result.get(stack)).at);
    assert.deepEqual(times, [1000, 1800]);
    for (const stack of stacks) assert.deepEqual(Object(result.get(stack)).unread, {});
  });

  it("gives up one list of many at the deadline, and keeps the others", async () => {
    const { result } = await lookAt([{ ...atOnce, lists: [0, 2400], pages: 40 }, atOnce]);
    const { unread, objects } = Object(result.get("staging"));
    assert.deepEqual(
      Object.values(unread),
      Array(3).fill("there was no complete answer within the time of the whole command"),
    );
    assert.equal(Object.keys(objects).length, 3);
  });

  it("takes the preferred of two contexts of a stack, also where it answers last and the other was read", async () => {
    const late = { ...atOnce, identity: 2000 };
    const ended: string[] = [];
    const connect: typeof clientOf = async (args) => {
      const client = await clientOf({ ...args, stack: "staging" });
      return {
        ...client,
        end: () => {
          ended.push(args.context);
          client.end();
        },
      };
    };
    const { result } = await lookAt([late, atOnce], { connect });
    assert.equal(Object(result.get("staging")).at, 3000);
    assert.deepEqual(new Set(ended), new Set(["c1"]));
  });
});

interface FakeClientArgs {
  readonly context: string;
  readonly stack: string | undefined;
  readonly delays: Delays;
  readonly clock: FakeClock;
  readonly limits: ReturnType<typeof lookLimits>["limits"];
}

/** The real client, whose login and connections answer after a while, and heed their signals as the real ones do. */
async function clientOf({ context, stack = "other", delays, clock, limits }: FakeClientArgs) {
  const begin = limits.begin ?? assert.fail("nothing limits the waits");
  let lists = 0;
  const delayOfList = new Map<string, number>();
  const connections = {
    end: () => undefined,
    send: async (url: string, _: unknown, signal: AbortSignal) => {
      const { pathname, searchParams } = new URL(url);
      const isIdentity = pathname === "/api/v1/namespaces/flux-system";
      if (!isIdentity && !delayOfList.has(pathname)) {
        delayOfList.set(pathname, delays.lists[lists % delays.lists.length] ?? 0);
        lists += 1;
      }
      await answered(clock.delay(isIdentity ? delays.identity : (delayOfList.get(pathname) ?? 0)), signal);
      const page = Number(searchParams.get("continue") ?? 1);
      const next = page < delays.pages ? String(page + 1) : "";
      const metadata = { name: "flux-system", labels: { "fleet.dev/stack": stack }, continue: next };
      return { status: 200, body: JSON.stringify({ metadata, items: [] }) };
    },
  };
  const login = async () => {
    await answered(clock.delay(delays.login), begin(limits.loginMs).signal);
    return { url: "https://api.example.com", headers: {}, connections };
  };
  return await apiClient({ context, login, canRenew: false, limits });
}

/** Rejects at the end of a wait, if the answer has not come by then. */
async function answered(answer: Promise<void>, signal: AbortSignal): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(new ClusterError("the wait has ended"));
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
  await Promise.race([answer, ended]);
}

async function aborted({ signal }: Wait): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
