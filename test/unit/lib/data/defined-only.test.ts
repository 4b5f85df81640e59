import assert from "node:assert/strict";
import { definedOnly } from "../../../../lib/data/defined-only.js";

/** Parameters as a caller has them: present, and perhaps undefined. */
function container(image: string | undefined, args: readonly string[] | undefined) {
  return definedOnly({ name: "manager", image, args });
}

describe("definedOnly", () => {
  it("leaves out properties that are undefined", () => {
    assert.deepEqual(Object.keys(container(undefined, undefined)), ["name"]);
  });

  it("keeps defined properties in their order", () => {
    const result = container("example.com/app:v1", ["--help"]);
    assert.equal(JSON.stringify(result), '{"name":"manager","image":"example.com/app:v1","args":["--help"]}');
  });

  it("keeps null, false, zero and what is empty", () => {
    const values = { none: null, off: false, zero: 0, text: "", list: [], map: {} };
    assert.deepEqual(definedOnly(values), values);
  });

  it("does not change its argument", () => {
    const values = { name: "manager", image: undefined };
    definedOnly(values);
    assert.deepEqual(values, { name: "manager", image: undefined });
  });

  it("makes optional, and not undefined, the properties that may be undefined", () => {
    const result: { readonly name: string; readonly image?: string } = definedOnly({
      name: "manager",
      image: undefined as string | undefined,
    });
    assert.equal("image" in result, false);
  });
});
