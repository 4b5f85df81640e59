import assert from "node:assert/strict";
import { z } from "zod";
import type { Layer } from "../../../../config/files/location.js";
import { section, textField } from "../../../../config/rules/field.js";
import { dnsLabel } from "../../../../config/rules/names.js";
import {
  baseOnly,
  fileOf,
  inEither,
  layerOf,
  misplacedFields,
  ofOneTenant,
  overlayOnly,
} from "../../../../config/tenant/forms.js";

const name = () => textField(dnsLabel, { description: "A name." });
const schema = z.strictObject({
  fault: name(),
  either: inEither(name()),
  optional: name().exactOptional(),
  withDefault: name().default("a"),
  labels: z.record(z.string(), z.string()).default({}),
  section: section("A section.", { inner: name().default("b") }),
  once: baseOnly(name().default("c"), "thing"),
  own: ofOneTenant(name().exactOptional(), "tenants differ"),
  entries: z
    .record(z.string(), z.strictObject({ kind: name(), own: ofOneTenant(name(), "so do entries") }))
    .default({}),
  perStack: overlayOnly(z.strictObject({ image: name() }).exactOptional(), "stacks differ"),
});
const takes = (form: z.ZodType, data: unknown) => form.safeParse(data).success;
const jsonOf = (form: z.ZodType) => z.toJSONSchema(form, { target: "draft-07", io: "input" });
const misplaced = (layer: Layer) =>
  misplacedFields(schema, layer, () => ["NAME"]).map(({ place, only, why }) => [place.join("."), only, why]);

describe("the form of a base file", () => {
  const form = fileOf(schema);

  it("lacks no field that has no default, but those that an overlay may set", () => {
    assert.deepEqual(jsonOf(form).required, ["fault"]);
    assert.ok(takes(form, { fault: "a" }));
    assert.ok(!takes(form, {}));
  });

  it("has no null, and no field that only overlays have", () => {
    for (const field of ["optional", "withDefault", "labels", "section", "once"]) {
      assert.ok(!takes(form, { fault: "a", [field]: null }), field);
    }
    assert.ok(!takes(form, { fault: "a", perStack: { image: "a" } }));
    assert.deepEqual(misplaced("base"), [["perStack", "overlay", "stacks differ"]]);
  });

  it("leaves defaults to the merged tenant, and shows them to editors", () => {
    assert.deepEqual(form.parse({ fault: "a", section: {} }), { fault: "a", section: {} });
    assert.match(JSON.stringify(jsonOf(form)), /"default":"a"/);
  });
});

describe("the form of an overlay", () => {
  const form = layerOf(schema, "overlay");

  it("may lack every field, and has none that only base files have", () => {
    assert.ok(takes(form, {}));
    assert.ok(!takes(form, { once: "a" }));
    assert.deepEqual(misplaced("overlay"), [["once", "base", "thing"]]);
  });

  it("takes back with null whatever has a default, whole sections and maps too, and entries of maps", () => {
    assert.ok(takes(form, { optional: null, withDefault: null, section: { inner: null }, labels: { a: null } }));
    assert.ok(takes(form, { section: null, labels: null }));
    // The defaults of a stack lie below.
    assert.ok(takes(form, { perStack: null }));
    for (const field of ["fault", "either"]) {
      assert.ok(!takes(form, { [field]: null }), field);
    }
  });

  it("has the base file's form of what only overlays have", () => {
    assert.ok(takes(form, { perStack: { image: "a" } }));
    assert.ok(!takes(form, { perStack: {} }));
  });
});

describe("the form of a base file over a group", () => {
  const form = layerOf(schema, "base");

  it("takes back with null what a group can set, and nothing else", () => {
    assert.ok(takes(form, { optional: null, withDefault: null, section: null, labels: { a: null }, once: null }));
    for (const field of ["own", "fault", "perStack"]) assert.ok(!takes(form, { [field]: null }), field);
  });
});

describe("the forms of defaults", () => {
  const [group, defaults] = [layerOf(schema, "group"), layerOf(schema, "defaults")];

  it("may lack every field, and have parts of entries", () => {
    for (const form of [group, defaults]) {
      assert.ok(takes(form, {}));
      assert.ok(takes(form, { withDefault: "x", section: { inner: "x" }, entries: { one: { kind: "x" }, two: {} } }));
    }
  });

  it("have no field of one tenant, at any depth", () => {
    for (const form of [group, defaults]) {
      assert.ok(!takes(form, { own: "x" }));
      assert.ok(!takes(form, { entries: { one: { kind: "x", own: "x" } } }));
    }
    const own = ["own", "tenant", "tenants differ"];
    const inEntry = ["entries.NAME.own", "tenant", "so do entries"];
    assert.deepEqual(misplaced("group"), [own, inEntry, ["perStack", "overlay", "stacks differ"]]);
    assert.deepEqual(misplaced("defaults"), [["once", "base", "thing"], own, inEntry]);
  });

  it("differ in what exists once for all stacks, and in null, which a group has nothing to take away with", () => {
    assert.ok(takes(group, { once: "x" }));
    assert.ok(!takes(defaults, { once: "x" }));
    assert.ok(takes(defaults, { withDefault: null, labels: { a: null }, section: null }));
    for (const field of ["withDefault", "labels", "section"]) assert.ok(!takes(group, { [field]: null }), field);
    assert.ok(!takes(group, { labels: { a: null } }));
  });

  it("show a field's default to editors", () => {
    for (const form of [group, defaults]) assert.match(JSON.stringify(jsonOf(form)), /"default":"a"/);
  });
});
