import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { checkout } from "../../../../cli/checkout.js";
import { record } from "../../../../review/record/recorder.js";

/** Resolves an output: its value, whether it is known and secret, its dependencies, and an error in their place. */
type Resolver = (
  value: unknown,
  isKnown: boolean,
  isSecret: boolean,
  dependencies?: readonly object[],
  error?: Error,
) => void;

interface Sdk {
  readonly rpc: { transferProperties(onto: object, label: string, props: object): Readonly<Record<string, Resolver>> };
  readonly dependsOn: {
    getAllTransitivelyReferencedResourceURNs(
      resources: ReadonlySet<pulumi.Resource>,
      exclude: ReadonlySet<pulumi.Resource>,
    ): Promise<ReadonlySet<string>>;
  };
  readonly debuggable: { debuggablePromise<T>(promise: Promise<T>, context: string): Promise<T> };
  readonly state: { getStore(): { readonly leakCandidates: ReadonlySet<object> } };
  readonly Resource: { stackTrace?: (skip: number) => readonly unknown[] };
}

/** Modules of the SDK, loaded anew: those of these tests are sped up (support/unit/speed-up.mjs). */
function ownSdk(): Sdk {
  const require = createRequire(import.meta.url);
  const anew = (name: string) => {
    const file = require.resolve(name);
    const { [file]: loaded } = require.cache;
    delete require.cache[file];
    const own = require(file) as object;
    if (loaded !== undefined) require.cache[file] = loaded;
    return own;
  };
  return {
    rpc: anew("@pulumi/pulumi/runtime/rpc"),
    dependsOn: anew("@pulumi/pulumi/runtime/dependsOn"),
    debuggable: anew("@pulumi/pulumi/runtime/debuggable"),
    state: require("@pulumi/pulumi/runtime/state") as object,
    Resource: { stackTrace: () => [{ uri: "file:///a.ts" }] },
  } as Sdk;
}

function copyOf(sdk: Sdk): Sdk {
  const { rpc, dependsOn, debuggable, state, Resource } = sdk;
  return {
    rpc: { ...rpc },
    dependsOn: { ...dependsOn },
    debuggable: { ...debuggable },
    state,
    Resource: { ...Resource },
  };
}

describe("resources of which the SDK does less", () => {
  const sdk = ownSdk();
  const fast = copyOf(sdk);
  type Resource = Record<string, pulumi.Output<unknown>>;

  let speedUp: (sdk: object) => void;
  before(async () => {
    const module = join(checkout, "cli", "diff", "fast-resources.mjs");
    ({ speedUpResources: speedUp } = (await import(pathToFileURL(module).href)) as {
      speedUpResources: (sdk: object) => void;
    });
    speedUp(fast);
  });

  /** All that an output tells, or its error. */
  const told = async (output: pulumi.Output<unknown>) => {
    const { promise, isKnown, isSecret, allResources } = output as pulumi.Output<unknown> & {
      promise(withUnknowns: boolean): Promise<unknown>;
      readonly isKnown: Promise<boolean>;
      readonly isSecret: Promise<boolean>;
      allResources(): Promise<ReadonlySet<object>>;
    };
    const settled = await Promise.allSettled([
      promise(true),
      isKnown,
      isSecret,
      allResources().then(({ size }) => size),
    ]);
    return settled.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)));
  };

  it("have the SDK's outputs, whether these are read before they are resolved, afterwards, or both", async () => {
    const results: readonly Parameters<Resolver>[] = [
      ["text", true, false],
      [{ list: [1, null] }, true, true],
      [undefined, true, false],
      [undefined, false, false],
      ["text", true, false, [{}, {}]],
      [undefined, true, false, [], new Error("failed")],
    ];
    const order = fc.shuffledSubarray(["read", "resolve", "again"] as const, { minLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...results), order, async (result, steps) => {
        fc.pre(steps.includes("read") && steps.includes("resolve"));
        const outcomes = [sdk, fast].map(async ({ rpc }) => {
          const resource: Resource = {};
          const resolvers = rpc.transferProperties(resource, "label", { id: 1, urn: 2, name: "input" });
          assert.deepEqual(Object.keys(resolvers), ["name"]);
          let read: Promise<unknown> | undefined;
          for (const step of steps) {
            if (step === "read" && resource.name !== undefined) read = told(resource.name);
            if (step === "resolve") resolvers.name?.(...result);
            // The first result of a property counts.
            if (step === "again" && steps.indexOf("resolve") < steps.indexOf("again"))
              resolvers.name?.("no", true, false);
          }
          const { name } = resource;
          assert.equal(resource.name, name);
          return await read;
        });
        const [expected, found] = await Promise.all(outcomes);
        assert.deepEqual(found, expected);
      }),
    );
  });

  it("create no output that is not read, and have its property all the same", () => {
    const resource: Resource = {};
    fast.rpc.transferProperties(resource, "label", { name: "input", other: 1 });
    assert.equal(typeof Object.getOwnPropertyDescriptor(resource, "name")?.get, "function");
    assert.deepEqual(Object.keys(resource), ["name", "other"]);
    assert.ok(pulumi.Output.isInstance(resource.name));
    assert.equal(Object.getOwnPropertyDescriptor(resource, "name")?.get, undefined);
    const other = pulumi.output("other");
    resource.other = other;
    assert.equal(resource.other, other);
  });

  it("refuse a property that they have already, as the SDK does", () => {
    for (const { rpc } of [sdk, fast]) {
      const resource = {};
      rpc.transferProperties(resource, "label", { name: "input" });
      assert.throws(
        () => rpc.transferProperties(resource, "label", { name: "input" }),
        /'name' is already initialized on/,
      );
    }
  });

  it("have the SDK's dependencies, and none of none", async () => {
    await record(async () => {
      const group = new pulumi.ComponentResource("test:index:Group", "group");
      const child = new kubernetes.core.v1.Namespace("child", {}, { parent: group });
      const lists: readonly (readonly pulumi.Resource[])[] = [[], [group], [child], [group, child]];
      for (const resources of lists) {
        const [expected, found] = await Promise.all(
          [sdk, fast].map(({ dependsOn }) =>
            dependsOn.getAllTransitivelyReferencedResourceURNs(new Set(resources), new Set()),
          ),
        );
        assert.deepEqual(found, expected);
        assert.equal(found?.size, resources.length === 0 ? 0 : 1);
      }
    });
  });

  it("are noted until their promises settle, as by the SDK", async () => {
    const { leakCandidates } = sdk.state.getStore();
    for (const { debuggable } of [sdk, fast]) {
      // The SDK itself notes the first promise of both.
      for (let turn = 0; turn < 2; turn += 1) {
        const before = leakCandidates.size;
        const noted = debuggable.debuggablePromise(Promise.resolve(1), "one");
        const failing = debuggable.debuggablePromise(Promise.reject(new Error("failed")), "other");
        assert.equal(leakCandidates.size, before + 2);
        assert.equal(await noted, 1);
        const error = await failing.catch((reason: unknown) => reason);
        assert.match(String(error), /failed/);
        assert.ok((error as { readonly promise?: unknown }).promise instanceof Promise);
        assert.equal(leakCandidates.size, before);
      }
    }
    assert.notEqual(fast.debuggable.debuggablePromise, sdk.debuggable.debuggablePromise);
  });

  it("end the process when one of them cannot be registered, though no output is read", async () => {
    const listeners = process.rawListeners("unhandledRejection") as NodeJS.UnhandledRejectionListener[];
    const reasons: string[] = [];
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", (reason) => reasons.push(String(reason)));
    try {
      const outputs = () => {
        throw new Error("no such kind");
      };
      await record(() => new kubernetes.core.v1.Namespace("a", {}), { outputs });
      await setImmediate();
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
    assert.match(reasons[0] ?? "", /failed to register new resource a .*no such kind/);
  });

  it("have no position in the program", () => {
    assert.equal(sdk.Resource.stackTrace?.(4).length, 1);
    assert.deepEqual(fast.Resource.stackTrace?.(4), []);
  });

  it("are left to an SDK that does not have these functions", () => {
    const empty = { rpc: {}, dependsOn: {}, debuggable: {}, state: {}, Resource: {} };
    speedUp(empty);
    assert.deepEqual(empty, { rpc: {}, dependsOn: {}, debuggable: {}, state: {}, Resource: {} });
    const other = { ...copyOf(sdk), state: { getStore: () => ({}) } };
    speedUp(other);
    assert.equal(other.debuggable.debuggablePromise, sdk.debuggable.debuggablePromise);
  });
});
