import assert from "node:assert/strict";
import { loadOnce } from "../../../flux/hardened-objects.js";
import type { LockEntry } from "../../../flux/release/lock.js";

const entry = (digest: string): LockEntry => ({
  source: "https://example.com/install.yaml",
  digest,
  objects: 1,
  controllers: {},
});

describe("a manifest for several stacks", () => {
  it("is loaded once for each version and lock entry, and cannot be changed", async () => {
    const calls: string[] = [];
    const load = loadOnce(async (args) => {
      calls.push(`${args.version} ${args.entry.digest}`);
      return [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system", labels: {} } }];
    });
    const [first, again] = [
      await load({ version: "v2.9.2", entry: entry("a") }),
      await load({ version: "v2.9.2", entry: entry("a") }),
    ];
    assert.equal(first, again);
    assert.ok(Object.isFrozen(first[0]?.metadata.labels));
    await load({ version: "v2.9.2", entry: entry("b") });
    await load({ version: "v2.9.1", entry: entry("a") });
    assert.deepEqual(calls, ["v2.9.2 a", "v2.9.2 b", "v2.9.1 a"]);
  });

  it("that cannot be loaded is a problem of each stack", async () => {
    const load = loadOnce(() => Promise.reject(new Error("no network")));
    for (const _ of [1, 2]) await assert.rejects(load({ version: "v2.9.2", entry: entry("a") }), /no network/);
  });
});
