import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { checkout } from "../../../../cli/checkout.js";
import { record } from "../../../../review/record/recorder.js";

/** The functions of the SDK that write inputs. */
interface Rpc {
  serializeProperties(label: string, props: object): Promise<object>;
  serializeResourceProperties(
    label: string,
    props: object,
  ): Promise<[object, ReadonlyMap<string, ReadonlySet<unknown>>]>;
}

/** The SDK's own functions, loaded anew: those of these tests are sped up (support/unit/speed-up.mjs). */
function ownRpc(): Rpc {
  const require = createRequire(import.meta.url);
  const file = require.resolve("@pulumi/pulumi/runtime/rpc");
  const { [file]: loaded } = require.cache;
  delete require.cache[file];
  const own = require(file) as Rpc;
  if (loaded !== undefined) require.cache[file] = loaded;
  return own;
}

/** A value of inputs. Resources and outputs are created while a program is recorded. */
type Value = () => unknown;

describe("inputs that are written at once", () => {
  const sdk = ownRpc();
  const fast: Rpc = { ...sdk };

  before(async () => {
    const module = join(checkout, "cli", "diff", "fast-inputs.mjs");
    const { speedUpInputs } = (await import(pathToFileURL(module).href)) as { speedUpInputs: (rpc: Rpc) => void };
    speedUpInputs(fast);
  });

  /** Has both write inputs, and returns what they wrote, in its order. */
  async function written(inputs: () => Readonly<Record<string, unknown>>) {
    const { result } = await record(async () => {
      const props = inputs();
      const results: string[] = [];
      for (const rpc of [sdk, fast]) {
        const [properties, dependencies] = await rpc.serializeResourceProperties("one", props);
        const named = [...dependencies].map(([key, resources]) => [key, resources.size] as const);
        results.push(JSON.stringify([properties, named, await rpc.serializeProperties("one", props)]));
      }
      return results;
    });
    return result;
  }

  class WithField {
    readonly field = 1;
  }
  const special: Readonly<Record<string, Value>> = {
    "an output": () => pulumi.output({ a: 1 }),
    "a secret": () => pulumi.secret("hidden"),
    "a promise": () => Promise.resolve([1, undefined]),
    "an asset": () => new pulumi.asset.StringAsset("text"),
    "an archive": () => new pulumi.asset.AssetArchive({ a: new pulumi.asset.StringAsset("text") }),
    "a component": () => new pulumi.ComponentResource("test:index:Group", "group"),
    "an object of a class": () => new WithField(),
    "a date": () => new Date(0),
    "a function": () => () => 1,
    "no value": () => undefined,
    "an asset of another copy of the SDK": () => ({ __pulumiAsset: true, text: "text" }),
    "a secret that is written already": () => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    }),
  };

  it("are the SDK's, without the other function", () => {
    assert.notEqual(fast.serializeProperties, sdk.serializeProperties);
    assert.match(String(sdk.serializeProperties), /serializeFilteredProperties/);
  });

  for (const [name, value] of Object.entries(special)) {
    it(`are the same with ${name}, at each place`, async () => {
      const [expected, found] = await written(() => ({
        plain: { b: [1, null, { c: "text" }], a: true },
        list: ["text", value()],
        object: { before: 1, inner: { value: value() }, after: undefined },
        value: value(),
        last: [],
      }));
      assert.equal(found, expected);
    });
  }

  it("have no id and no URN of the resource, and keep those within them", async () => {
    const [expected, found] = await written(() => ({ id: "x", urn: "y", inner: { id: "x", urn: "y" } }));
    assert.equal(found, expected);
    assert.match(found ?? "", /^\[\{"inner":\{"id":"x","urn":"y"\}\},\[\["inner",0\]\]/);
  });

  it("are none where an output is undefined, with a name that all objects inherit too", async () => {
    const [expected, found] = await written(() => ({
      ...{ constructor: pulumi.output(undefined), toString: Promise.resolve(undefined) },
      ...{ valueOf: undefined, hasOwnProperty: 1 },
    }));
    assert.equal(found, expected);
    assert.match(found ?? "", /^\[\{"hasOwnProperty":1\},/);
  });

  it("are the same for any data", async () => {
    // A component has a name, which would be taken.
    const kinds = Object.entries(special).flatMap(([name, value]) => (name === "a component" ? [] : [value]));
    const key = fc.string().filter((text) => text !== "__proto__");
    const { object: objects } = fc.letrec<{ object: Readonly<Record<string, Value>>; value: Value }>((tie) => ({
      object: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      value: fc.oneof(
        { maxDepth: 3 },
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)).map(
          (plain): Value =>
            () =>
              plain,
        ),
        fc.constantFrom(...kinds),
        fc.array(tie("value"), { maxLength: 4 }).map(
          (items): Value =>
            () =>
              items.map((item) => item()),
        ),
        tie("object").map(
          (object): Value =>
            () =>
              opened(object),
        ),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(objects, async (object) => {
        const [expected, found] = await written(() => opened(object));
        assert.equal(found, expected);
      }),
      { numRuns: 50 },
    );
  });
});

function opened(object: Readonly<Record<string, Value>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, value()]));
}
