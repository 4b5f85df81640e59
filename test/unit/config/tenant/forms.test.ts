import assert from "node:assert/strict";
import { z } from "zod";
import { section, textField } from "../../../../config/rules/field.js";
import { dnsLabel } from "../../../../config/rules/names.js";
import { baseOnly, fieldsOnlyIn, fileOf, inEither, overlayOf, overlayOnly } from "../../../../config/tenant/forms.js";

const name = () => textField(dnsLabel, { description: "A name." });
const schema = z.strictObject({
  fault: name(),
  either: inEither(name()),
  optional: name().exactOptional(),
  withDefault: name().default("a"),
  labels: z.record(z.string(), z.string()).default({}),
  section: section("A section.", { inner: name().default("b") }),
  once: baseOnly(name().default("c"), "thing"),
  perStack: overlayOnly(z.strictObject({ image: name() }).exactOptional(), "stacks differ"),
});
const takes = (form: z.ZodType, data: unknown) => form.safeParse(data).success;
const jsonOf = (form: z.ZodType) => z.toJSONSchema(form, { target: "draft-07", io: "input" });

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
    assert.deepEqual(fieldsOnlyIn("overlay", schema), [["perStack", "stacks differ"]]);
  });

  it("leaves defaults to the merged tenant, and shows them to editors", () => {
    assert.deepEqual(form.parse({ fault: "a", section: {} }), { fault: "a", section: {} });
    assert.match(JSON.stringify(jsonOf(form)), /"default":"a"/);
  });
});

describe("the form of an overlay", () => {
  const form = overlayOf(schema);

  it("may lack every field, and has none that only base files have", () => {
    assert.ok(takes(form, {}));
    assert.ok(!takes(form, { once: "a" }));
    assert.deepEqual(fieldsOnlyIn("base", schema), [["once", "thing"]]);
  });

  it("takes back with null whatever has a default, whole sections and maps too, and entries of maps", () => {
    assert.ok(takes(form, { optional: null, withDefault: null, section: { inner: null }, labels: { a: null } }));
    assert.ok(takes(form, { section: null, labels: null }));
    for (const field of ["fault", "either", "perStack"]) {
      assert.ok(!takes(form, { [field]: null }), field);
    }
  });

  it("has the base file's form of what only overlays have", () => {
    assert.ok(takes(form, { perStack: { image: "a" } }));
    assert.ok(!takes(form, { perStack: {} }));
  });
});
