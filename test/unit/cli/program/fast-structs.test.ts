import assert from "node:assert/strict";
import { createRequire } from "node:module";

interface Struct {
  toJavaScript(): unknown;
  serializeBinary(): Uint8Array;
  getFieldsMap(): { del(key: string): void };
}

/** The Structs of these tests keep their objects, as those of `fleet diff` do (support/unit/speed-up.mjs). */
describe("a Struct that is not sent", () => {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
  const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb") as {
    Struct: { new (): Struct; fromJavaScript(object: object): Struct; deserializeBinary(bytes: Uint8Array): Struct };
  };
  const object = { metadata: { name: "größe", labels: {} }, list: [1.5, null, [true, false]], last: "" };

  it("has the object that it was created from, and its bytes when they are asked for", () => {
    const struct = Struct.fromJavaScript(object);
    assert.equal(struct.toJavaScript(), object);
    assert.deepEqual(Struct.deserializeBinary(struct.serializeBinary()).toJavaScript(), object);
    assert.deepEqual(new Struct().toJavaScript(), {});
  });

  it("has fields that can be changed, and leaves the object as it is", () => {
    const struct = Struct.fromJavaScript(object);
    struct.getFieldsMap().del("list");
    const { list, ...others } = object;
    assert.deepEqual(struct.toJavaScript(), others);
    assert.deepEqual(Struct.deserializeBinary(struct.serializeBinary()).toJavaScript(), others);
    assert.deepEqual(object, { ...others, list });
  });
});
