import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { checkout } from "../../../../cli/checkout.js";

interface Struct {
  serializeBinary(): Uint8Array;
  toJavaScript(): unknown;
}

/** Protobuf's own Struct, to which the codec must be equal. */
interface StructType {
  fromJavaScript(object: object): Struct;
  deserializeBinary(bytes: Uint8Array): Struct;
}

/** The codec, which is plain JavaScript. */
interface Codec {
  encodeStruct(object: object): Uint8Array;
  decodeStruct(bytes: Uint8Array): unknown;
}

/**
 * Protobuf's own Struct, loaded anew: where the SDK's is sped up, as in these tests (support/unit/speed-up.mjs), it works by
 * the codec itself.
 */
function ownStruct(sdk: NodeJS.Require): StructType {
  const isProtobuf = (file: string) => file.includes("google-protobuf");
  const loaded = Object.entries(sdk.cache).filter(([file]) => isProtobuf(file));
  for (const [file] of loaded) delete sdk.cache[file];
  const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb") as { Struct: StructType };
  for (const file of Object.keys(sdk.cache).filter(isProtobuf)) delete sdk.cache[file];
  for (const [file, module] of loaded) sdk.cache[file] = module;
  return Struct;
}

describe("the codec of Structs", () => {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
  const Struct = ownStruct(sdk);
  let codec: Codec;

  before(async () => {
    codec = (await import(pathToFileURL(join(checkout, "cli", "program", "struct-codec.mjs")).href)) as Codec;
  });

  const scalar = fc.oneof(fc.string({ unit: "grapheme" }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const key = fc.string({ unit: "grapheme" }).filter((text) => text !== "__proto__");
  const { object: objects } = fc.letrec<{ object: object; value: unknown }>((tie) => ({
    object: fc.dictionary(key, tie("value"), { noNullPrototype: true }),
    value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie("value")), tie("object")),
  }));

  it("is compared with another one than itself", () => {
    for (const method of [Struct.fromJavaScript, Struct.fromJavaScript({}).toJavaScript]) {
      assert.doesNotMatch(String(method), /codec|encodeStruct|decodeStruct/);
    }
  });

  it("refuses what JSON does not have, as protobuf does", () => {
    for (const value of [undefined, () => 1, Symbol("a"), 1n]) {
      const object = { list: [{ value }] };
      assert.throws(() => Struct.fromJavaScript(object), /Unexpected struct type/);
      assert.throws(() => codec.encodeStruct(object), /Unexpected struct type/);
    }
  });

  it("refuses bytes that are no Struct", () => {
    const valid = codec.encodeStruct({ a: [1, { b: "text" }] });
    for (let length = 1; length < valid.length; length++) {
      assert.throws(() => codec.decodeStruct(valid.subarray(0, length)), Error, `the first ${length} bytes`);
    }
    const foreign = [
      [0x12, 0x00],
      [0x0a, 0x00],
      [0x0a, 0x04, 0x0a, 0x00, 0x12, 0x00],
      [0x0a, 0x02, 0x18, 0x00],
    ];
    for (const bytes of foreign)
      assert.throws(() => codec.decodeStruct(Uint8Array.from(bytes)), /Unexpected struct type/);
  });

  it("writes what protobuf reads", () => {
    fc.assert(
      fc.property(objects, (object) => {
        assert.deepEqual(Struct.deserializeBinary(codec.encodeStruct(object)).toJavaScript(), object);
      }),
    );
  });

  it("reads what protobuf writes", () => {
    fc.assert(
      fc.property(objects, (object) => {
        assert.deepEqual(codec.decodeStruct(Struct.fromJavaScript(object).serializeBinary()), object);
      }),
    );
  });

  it("keeps long texts and lists", () => {
    for (const length of [127, 128, 16_383, 16_384, 2_097_152]) {
      const object = { text: "ä".repeat(length), list: Array.from({ length: length % 1000 }, (_, index) => index) };
      assert.deepEqual(Struct.deserializeBinary(codec.encodeStruct(object)).toJavaScript(), object);
      assert.deepEqual(codec.decodeStruct(codec.encodeStruct(object)), object);
    }
  });

  it("keeps a key that JavaScript would take for the prototype", () => {
    const object = JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as object;
    const decoded = codec.decodeStruct(codec.encodeStruct(object)) as object;
    assert.deepEqual(Object.keys(decoded), ["__proto__", "b"]);
    assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
  });
});
