import assert from "node:assert/strict";
import type { PlainObject } from "../../../../lib/data/merge.js";
import { formatPath } from "../../../../lib/diagnostics/zod-issues.js";
import { gadgetSchemas } from "./gadget-schemas.js";

const gadget = (spec: PlainObject, rest: PlainObject = {}): PlainObject => ({
  apiVersion: "tools.example.com/v1",
  kind: "Gadget",
  metadata: { name: "one", labels: { a: "b" } },
  spec,
  ...rest,
});
const faults = (data: PlainObject) =>
  gadgetSchemas.faultsOf(data).map(({ path, message }) => `${formatPath(path)}: ${message}`);

describe("the schema of a CRD refuses", () => {
  const refused: readonly (readonly [title: string, data: PlainObject, faults: readonly string[]])[] = [
    ["an unknown field", gadget({ intervall: "1m" }), ["spec.intervall: has no field intervall"]],
    ["an unknown field of the object", gadget({}, { status: {} }), ["status: has no field status"]],
    ["another type", gadget({ size: "big" }), ["spec.size: must be integer"]],
    ["null where it is not allowed", gadget({ size: null }), ["spec.size: must be integer"]],
    [
      "a value outside an enumeration",
      gadget({ mode: "auto" }),
      ["spec.mode: must be equal to one of the allowed values: on, off"],
    ],
    [
      "a form",
      gadget({ interval: "1 hour" }),
      ['spec.interval: must match pattern "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"'],
    ],
    ["what is neither a number nor a text", gadget({ port: true }), ["spec.port: must be integer,string"]],
    ["a value of a map", gadget({ labels: { a: 1 } }), ["spec.labels.a: must be string"]],
    ["a known field of an open object", gadget({ open: { known: 1, other: 1 } }), ["spec.open.known: must be boolean"]],
    [
      "an item without a required field",
      gadget({ sources: [{}, { name: "a" }] }),
      ["spec.sources[0]: lacks the field name"],
    ],
    [
      "an unknown field of an embedded object",
      gadget({ template: { metadata: { a: 1 }, other: 1 } }),
      ["spec.template.other: has no field other"],
    ],
    [
      "a version that is not served",
      { ...gadget({}), apiVersion: "tools.example.com/v1alpha1" },
      ["apiVersion: tools.example.com/v1alpha1 has no kind Gadget in the pinned version of Flux"],
    ],
    [
      "two faults at once",
      gadget({ size: "big", mode: "auto" }),
      ["spec.size: must be integer", "spec.mode: must be equal to one of the allowed values: on, off"],
    ],
  ];
  for (const [title, data, expected] of refused) {
    it(title, () => assert.deepEqual(faults(data), expected));
  }
});

describe("the schema of a CRD accepts", () => {
  const accepted: readonly (readonly [title: string, data: PlainObject])[] = [
    ["a required field with a default", gadget({})],
    ["numbers and texts of a port", gadget({ port: 80 })],
    ["anything in preserved fields", gadget({ values: { a: [1] }, open: { other: {} } })],
    ["null where it is allowed", gadget({ note: null })],
    ["a variable without a known value", gadget({ size: "\u0024{size}" })],
    ["an object of another group", { apiVersion: "other.example.com/v1", kind: "Gadget", spec: 1 }],
  ];
  for (const [title, data] of accepted) {
    it(title, () => assert.deepEqual(faults(data), []));
  }

  it("leaves the object as it is", () => {
    const data = gadget({});
    faults(data);
    assert.deepEqual(data, gadget({}));
  });
});
