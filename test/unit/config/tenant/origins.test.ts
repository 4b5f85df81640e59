import assert from "node:assert/strict";
import fc from "fast-check";
import { type DeclaringFiles, LAYERS, type Layer } from "../../../../config/files/location.js";
import { parseYaml } from "../../../../config/files/yaml-file.js";
import { originOf, originsOf } from "../../../../config/tenant/origins.js";
import { mergedData } from "../../../../config/tenant/parse-tenant.js";
import { originText } from "../../../../config/tenant/print-origins.js";
import { leavesOf } from "../../../../config/tenant/tenant-form.js";
import { isPlainObject, type PlainObject, type PlainValue } from "../../../../lib/data/merge.js";

/** The files of a tenant with these data. YAML reads JSON, and JSON of several lines gives each value a line. */
function filesOf(data: Partial<Record<Layer, PlainObject>>): DeclaringFiles {
  const file = (layer: Layer) => parseYaml(`${layer}.yaml`, JSON.stringify(data[layer] ?? {}, undefined, 1));
  const { group, defaults, overlay } = data;
  return {
    name: "team-a",
    base: file("base"),
    ...(group && { group: file("group") }),
    ...(defaults && { defaults: file("defaults") }),
    ...(overlay && { overlay: file("overlay") }),
  };
}

/** Each run parses four files. */
const few = { numRuns: 40 };

/** Data whose texts name their layer. A key alone decides of what kind its value is. Null may stand anywhere. */
function dataOf(layer: Layer, nulls: boolean) {
  const orNull = <Value>(value: fc.Arbitrary<Value>) => (nulls ? fc.option(value, { nil: null, freq: 4 }) : value);
  const { object } = fc.letrec<{ object: PlainObject }>((tie) => ({
    object: fc.record(
      {
        text: orNull(fc.constant(layer)),
        list: orNull(fc.constant([layer])),
        one: orNull(tie("object")),
        two: orNull(tie("object")),
      },
      { requiredKeys: [], noNullPrototype: true },
    ) as fc.Arbitrary<PlainObject>,
  }));
  return object;
}

const anyFiles = fc.record(
  {
    group: dataOf("group", false),
    base: dataOf("base", false),
    defaults: dataOf("defaults", true),
    overlay: dataOf("overlay", true),
  },
  { requiredKeys: ["base"], noNullPrototype: true },
);

const layerIn = (value: PlainValue): PlainValue | undefined => (Array.isArray(value) ? value[0] : value);
/** The leaves that have a layer's name; an empty map has none. */
const namedLeaves = (data: PlainObject) => leavesOf(data).filter(([, value]) => !isPlainObject(value));

describe("the origin of a value", () => {
  it("is the last file that has it, whatever the files are", () => {
    fc.assert(
      fc.property(anyFiles, (data) => {
        const files = filesOf(data);
        for (const [place, value] of namedLeaves(mergedData(files))) {
          assert.equal(originOf(files, place).layer, layerIn(value), place.join("."));
        }
      }),
      few,
    );
  });

  it("is a line that has the field", () => {
    fc.assert(
      fc.property(anyFiles, (data) => {
        const files = filesOf(data);
        for (const [place, value] of namedLeaves(mergedData(files))) {
          const { layer, line } = originOf(files, place);
          const lines = JSON.stringify(layer === "default" ? {} : data[layer], undefined, 1).split("\n");
          assert.ok(lines[(line ?? 0) - 1]?.includes(`"${place.at(-1)}"`), `${place.join(".")}: ${value}`);
        }
      }),
      few,
    );
  });

  it("is the overlay for everything that an overlay says", () => {
    fc.assert(
      fc.property(anyFiles, dataOf("overlay", false), (data, overlay) => {
        const files = filesOf({ ...data, overlay });
        for (const [place] of namedLeaves(overlay)) assert.equal(originOf(files, place).layer, "overlay");
      }),
      few,
    );
  });

  it("does not change by an empty file", () => {
    fc.assert(
      fc.property(anyFiles, fc.constantFrom(...LAYERS), (data, layer) => {
        if (data[layer] !== undefined && layer !== "base") return;
        const [without, withEmpty] = [filesOf(data), filesOf({ [layer]: {}, ...data })];
        // The origin of a tenant without any field is its last file, be it empty or not.
        if (Object.keys(mergedData(without)).length === 0) return;
        assert.deepEqual(mergedData(withEmpty), mergedData(without));
        assert.deepEqual(originsOf(withEmpty, mergedData(without)), originsOf(without, mergedData(without)));
      }),
      few,
    );
  });

  it("is default for what no file has, also after null, with the line of that null", () => {
    const files = filesOf({ base: { sync: { interval: "2m" } }, overlay: { limits: {}, sync: null } });
    assert.deepEqual(originOf(files, ["webhook"]), { layer: "default" });
    const origin = originOf(files, ["sync", "interval"]);
    assert.deepEqual(origin, { layer: "default", file: "overlay.yaml", line: 3 });
    assert.equal(originText(origin), "default, by null in overlay.yaml:3");
  });

  it("of a default that depends on a field is that of the field", () => {
    const group = { limits: { size: "large", cpu: "8" }, repository: { protection: { pullRequest: true } } };
    const files = filesOf({ group, base: {}, overlay: { limits: { cpu: null } } });
    const origin = (...place: string[]) => originText(originOf(files, place));
    assert.equal(origin("limits", "memory"), "group.yaml:3");
    assert.equal(origin("limits", "cpu"), "group.yaml:3");
    assert.equal(origin("repository", "protection", "reviews"), "group.yaml:8");
    assert.equal(origin("notifications", "chat", "events"), "default");
    assert.equal(originOf(filesOf({}), ["limits", "memory"]).layer, "default");
  });
});

describe("the files of a tenant", () => {
  it("can be merged in any grouping, without null", () => {
    const data = (["group", "base", "defaults", "overlay"] as const).map((layer) => dataOf(layer, false));
    fc.assert(
      fc.property(fc.tuple(...data), ([group = {}, base = {}, defaults = {}, overlay = {}]) => {
        const all = mergedData(filesOf({ group, base, defaults, overlay }));
        const first = mergedData(filesOf({ group, base }));
        const last = mergedData(filesOf({ base: defaults, overlay }));
        assert.deepEqual(mergedData(filesOf({ base: first, overlay: last })), all);
        const middle = mergedData(filesOf({ base, defaults }));
        assert.deepEqual(mergedData(filesOf({ group, base: middle, overlay })), all);
      }),
      few,
    );
  });

  it("are not changed by merging", () => {
    fc.assert(
      fc.property(anyFiles, (data) => {
        const files = filesOf(data);
        const before = structuredClone(LAYERS.map((layer) => files[layer]?.data));
        mergedData(files);
        assert.deepEqual(
          LAYERS.map((layer) => files[layer]?.data),
          before,
        );
      }),
      few,
    );
  });
});
