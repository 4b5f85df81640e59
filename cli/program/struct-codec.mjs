/**
 * Reads and writes the content of google.protobuf.Struct: JSON in protobuf's wire format. A tag is the number of a
 * field, times eight, plus its wire type.
 * @see https://protobuf.dev/programming-guides/encoding/
 * @see https://github.com/protocolbuffers/protobuf/blob/v21.12/src/google/protobuf/struct.proto
 */

/** Tags within a Struct, an entry of its map, and a list. */
const tags = { entry: 0x0a, key: 0x0a, value: 0x12, item: 0x0a };
/** Tags within a Value. */
const kinds = { null: 0x08, number: 0x11, string: 0x1a, boolean: 0x20, struct: 0x2a, list: 0x32 };

/** The bytes of an object. @throws Error for a value that JSON does not have */
export function encodeStruct(object) {
  const encoder = new Encoder();
  encoder.struct(object);
  return encoder.bytes();
}

/** The object of bytes. @throws Error for a value of no kind, or of another tag */
export function decodeStruct(bytes) {
  return new Decoder(bytes).struct(bytes.length);
}

/** Writes from the end to the start, so the length of each part is known before it is written. */
class Encoder {
  #buffer = Buffer.allocUnsafe(4096);
  /** Number of written bytes, which are the last of the buffer. */
  #count = 0;

  bytes() {
    return this.#buffer.subarray(this.#buffer.length - this.#count);
  }

  struct(object) {
    for (const key of Object.keys(object).reverse()) {
      const end = this.#count;
      this.#value(object[key]);
      this.#prefix(tags.value, end);
      this.#string(tags.key, key);
      this.#prefix(tags.entry, end);
    }
  }

  #list(values) {
    for (let index = values.length - 1; index >= 0; index--) {
      const end = this.#count;
      this.#value(values[index]);
      this.#prefix(tags.item, end);
    }
  }

  #value(value) {
    if (typeof value === "string") return this.#string(kinds.string, value);
    if (typeof value === "number") return this.#number(value);
    if (typeof value === "boolean") return this.#pair(kinds.boolean, Number(value));
    if (value === null) return this.#pair(kinds.null, 0);
    if (typeof value !== "object") throw new Error("Unexpected struct type.");
    const end = this.#count;
    if (Array.isArray(value)) {
      this.#list(value);
      this.#prefix(kinds.list, end);
    } else {
      this.struct(value);
      this.#prefix(kinds.struct, end);
    }
  }

  #string(tag, text) {
    const end = this.#count;
    const start = this.#reserve(Buffer.byteLength(text));
    this.#buffer.write(text, start);
    this.#prefix(tag, end);
  }

  #number(value) {
    const start = this.#reserve(9);
    this.#buffer[start] = kinds.number;
    this.#buffer.writeDoubleLE(value, start + 1);
  }

  #pair(tag, byte) {
    const start = this.#reserve(2);
    this.#buffer[start] = tag;
    this.#buffer[start + 1] = byte;
  }

  /** Writes a tag and the length of everything that was written since `end`, seven bits for each byte. */
  #prefix(tag, end) {
    const length = this.#count - end;
    let at = this.#reserve(1 + Math.max(1, Math.ceil((32 - Math.clz32(length)) / 7)));
    this.#buffer[at++] = tag;
    for (let rest = length; ; rest >>>= 7) {
      this.#buffer[at++] = rest > 0x7f ? (rest & 0x7f) | 0x80 : rest;
      if (rest <= 0x7f) return;
    }
  }

  /** Makes room before what is written, and returns its place. */
  #reserve(size) {
    const needed = this.#count + size;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
      this.bytes().copy(larger, larger.length - this.#count);
      this.#buffer = larger;
    }
    this.#count = needed;
    return this.#buffer.length - needed;
  }
}

class Decoder {
  #buffer;
  #at = 0;

  constructor(bytes) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(end) {
    const object = {};
    while (this.#at < end) {
      this.#expect(tags.entry);
      this.#entry(object, this.#length());
    }
    return object;
  }

  /** Reads an entry. A key and a value may come in any order, and an empty key may be left out. */
  #entry(object, length) {
    const end = this.#at + length;
    let key = "";
    let value;
    while (this.#at < end) {
      const tag = this.#buffer[this.#at++];
      if (tag === tags.key) key = this.#string();
      else if (tag === tags.value) value = this.#value(this.#length());
      else throw unexpected();
    }
    if (value === undefined) throw unexpected();
    if (key === "__proto__")
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
    else object[key] = value;
  }

  #list(end) {
    const values = [];
    while (this.#at < end) {
      this.#expect(tags.item);
      values.push(this.#value(this.#length()));
    }
    return values;
  }

  /** Reads a value, which has exactly one field. */
  #value(length) {
    const end = this.#at + length;
    const value = this.#field(this.#buffer[this.#at++]);
    if (value === undefined || this.#at !== end) throw unexpected();
    return value;
  }

  #field(tag) {
    switch (tag) {
      case kinds.string:
        return this.#string();
      case kinds.struct:
        return this.struct(this.#length() + this.#at);
      case kinds.list:
        return this.#list(this.#length() + this.#at);
      case kinds.number:
        this.#at += 8;
        return this.#buffer.readDoubleLE(this.#at - 8);
      case kinds.boolean:
        return this.#length() !== 0;
      case kinds.null:
        this.#length();
        return null;
      default:
        return undefined;
    }
  }

  #string() {
    const length = this.#length();
    this.#at += length;
    if (this.#at > this.#buffer.length) throw unexpected();
    return this.#buffer.toString("utf8", this.#at - length, this.#at);
  }

  /** Reads a number of seven bits for each byte, the lowest first. */
  #length() {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#buffer[this.#at++];
      number |= (byte & 0x7f) << shift;
      if (byte < 0x80) return number >>> 0;
      if (byte === undefined || shift > 28) throw unexpected();
    }
  }

  #expect(tag) {
    if (this.#buffer[this.#at++] !== tag) throw unexpected();
  }
}

function unexpected() {
  return new Error("Unexpected struct type");
}
