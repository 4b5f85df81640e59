import assert from "node:assert/strict";
import fc from "fast-check";
import { tenantFile, tenantOverlay, tenantSections } from "../../../../config/tenant/schema.js";
import { isPlainObject, mergeOverlay, type PlainObject, type PlainValue } from "../../../../lib/data/merge.js";
import { checkData } from "../../../../lib/diagnostics/zod-issues.js";

/** Plain data whose key alone decides of what kind a value is, as a schema does. */
const { object } = fc.letrec<{ object: PlainObject }>((tie) => ({
  object: fc
    .record(
      {
        text: fc.string(),
        flag: fc.boolean(),
        list: fc.array(fc.integer(), { maxLength: 3 }),
        inner: fc.option(tie("object"), { nil: undefined, depthSize: "small" }),
        other: fc.option(tie("object"), { nil: undefined, depthSize: "small" }),
        __proto__: fc.string(),
      },
      { requiredKeys: [] },
    )
    .map((value) => withoutUndefined(value as Record<string, PlainValue | undefined>)),
}));

function withoutUndefined(value: Record<string, PlainValue | undefined>): PlainObject {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, PlainValue] => entry[1] !== undefined),
  );
}

/** The same, with some values replaced by null. */
function withNulls(value: PlainObject, take: (key: string) => boolean): PlainObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (take(key)) return [key, null];
      return [key, isPlainObject(inner) ? withNulls(inner, take) : inner];
    }),
  );
}

const holey = fc.tuple(object, fc.func(fc.boolean())).map(([value, take]) => withNulls(value, (key) => take(key)));

describe("mergeOverlay", () => {
  it("never changes what it is given", () => {
    fc.assert(
      fc.property(object, holey, (base, overlay) => {
        const before = [structuredClone(base), structuredClone(overlay)];
        mergeOverlay(base, overlay);
        assert.deepEqual([base, overlay], before);
      }),
    );
  });

  it("leaves the base as it is when the overlay says nothing", () => {
    fc.assert(fc.property(object, (base) => assert.deepEqual(mergeOverlay(base, {}), base)));
  });

  it("is the overlay when the base says nothing", () => {
    fc.assert(fc.property(object, (overlay) => assert.deepEqual(mergeOverlay({}, overlay), overlay)));
  });

  it("lets the overlay win wherever it says anything, and the base nowhere else", () => {
    const check = (base: PlainObject, overlay: PlainObject, merged: PlainObject): void => {
      for (const key of new Set([...Object.keys(base), ...Object.keys(overlay)])) {
        const [below, above, result] = [base, overlay, merged].map((value) =>
          Object.hasOwn(value, key) ? value[key] : undefined,
        );
        if (above === undefined) assert.deepEqual(result, below);
        else if (above === null) assert.equal(result, undefined);
        else if (isPlainObject(above)) {
          assert.ok(isPlainObject(result));
          check(isPlainObject(below) ? below : {}, above, result);
        } else assert.deepEqual(result, above);
      }
    };
    fc.assert(fc.property(object, holey, (base, overlay) => check(base, overlay, mergeOverlay(base, overlay))));
  });

  it("gives the same whichever of three layers are merged first, when none takes anything back", () => {
    fc.assert(
      fc.property(object, object, object, (a, b, c) => {
        assert.deepEqual(mergeOverlay(mergeOverlay(a, b), c), mergeOverlay(a, mergeOverlay(b, c)));
      }),
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(object, holey, (base, overlay) => {
        const once = mergeOverlay(base, overlay);
        assert.deepEqual(mergeOverlay(once, overlay), once);
      }),
    );
  });

  it("replaces lists as a whole", () => {
    assert.deepEqual(mergeOverlay({ list: [1, 2, 3] }, { list: [4] }), { list: [4] });
  });

  it("leaves no null behind, however deep the map that brought it", () => {
    assert.deepEqual(mergeOverlay({}, { a: { b: { c: null, d: 1 } } }), { a: { b: { d: 1 } } });
  });
});

describe("a tenant's files, merged", () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const labels = fc.dictionary(label, label, { maxKeys: 4 });
  const holeyLabels = fc.dictionary(label, fc.option(label), { maxKeys: 4 });
  const duration = fc.integer({ min: 10, max: 1800 }).map((seconds) => `${seconds}s`);
  const fields = { interval: duration, retryInterval: duration, timeout: duration, suspend: fc.boolean() };
  const namespace = label.map((name) => `team-${name}`);
  const options = { requiredKeys: [] };
  const base = fc.record(
    {
      name: fc.constant("team-a"),
      namespace: fc.record({ name: namespace, labels, annotations: labels }, options),
      sync: fc.record(fields, options),
    },
    { requiredKeys: ["name"] },
  );
  const overlay = fc.record(
    {
      namespace: fc.record({ name: fc.option(namespace), labels: holeyLabels, annotations: holeyLabels }, options),
      sync: fc.record(
        {
          interval: fc.option(duration),
          retryInterval: fc.option(duration),
          timeout: fc.option(duration),
          suspend: fc.option(fc.boolean()),
        },
        options,
      ),
    },
    options,
  );

  it("are a valid tenant whenever each of them is valid", () => {
    fc.assert(
      fc.property(base, overlay, (below, above) => {
        assert.deepEqual(checkData(tenantFile, below, { file: "base" }).problems, []);
        assert.deepEqual(checkData(tenantOverlay, above, { file: "overlay" }).problems, []);
        const merged = mergeOverlay(below as PlainObject, above as PlainObject);
        assert.deepEqual(checkData(tenantSections, merged, { file: "merged" }).problems, []);
      }),
    );
  });
});
