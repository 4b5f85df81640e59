import { createRequire } from "node:module";
import { decodeStruct, encodeStruct } from "./struct-codec.mjs";

/**
 * Has the Structs of google-protobuf keep their bytes. Pulumi's SDK creates a Struct from the inputs of each resource and
 * sends it, or receives one and reads the outputs. Protobuf's own Structs have an object for each value, for a third of
 * the program's processor time. The bytes and the objects are the same.
 * @param isSent whether most Structs are sent. The others keep the object that they are created from, without a copy, until
 *   their bytes are asked for. @default true
 */
export function speedUpStructs({ isSent = true } = {}) {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
  const { BinaryReader } = sdk("google-protobuf");
  const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb");
  const { deserializeBinaryFromReader, serializeBinaryToWriter } = Struct;
  const { getFieldsMap, toJavaScript } = Struct.prototype;
  /** Bytes by their Struct, as long as no one asks for its fields. */
  const contents = new WeakMap();
  /** Objects by their Struct, likewise. */
  const objects = new WeakMap();

  Struct.fromJavaScript = (object) => {
    if (isSent) return withBytes(new Struct(), encodeStruct(object));
    const struct = new Struct();
    objects.set(struct, object);
    return struct;
  };
  Struct.deserializeBinaryFromReader = (struct, reader) => withBytes(struct, contentOf(reader));
  Struct.serializeBinaryToWriter = (struct, writer) => {
    const bytes = bytesOf(struct);
    if (bytes === undefined) serializeBinaryToWriter(struct, writer);
    else writer.writeSerializedMessage(bytes, 0, bytes.length);
  };
  Struct.prototype.toJavaScript = function () {
    const object = objects.get(this);
    if (object !== undefined) return object;
    const bytes = contents.get(this);
    return bytes === undefined ? toJavaScript.call(this) : decodeStruct(bytes);
  };
  Struct.prototype.getFieldsMap = function (isCreated) {
    const bytes = bytesOf(this);
    objects.delete(this);
    contents.delete(this);
    if (bytes !== undefined) deserializeBinaryFromReader(this, new BinaryReader(bytes));
    return getFieldsMap.call(this, isCreated);
  };

  function bytesOf(struct) {
    const object = objects.get(struct);
    return object === undefined ? contents.get(struct) : encodeStruct(object);
  }

  function withBytes(struct, bytes) {
    contents.set(struct, bytes);
    return struct;
  }
}

/** The bytes of the message that a reader is in. */
function contentOf(reader) {
  const start = reader.getCursor();
  while (reader.nextField()) reader.skipField();
  return reader.getBuffer().subarray(start, reader.getCursor());
}
