/**
 * The positions of a bundle's sources, as numbers: Node needs 40 ms to read the same from a source map, and Pulumi asks for
 * positions at the first resource.
 * @see https://tc39.es/ecma426/#sec-mappings
 */

/** Numbers of one position: line and column in the bundle; number of the source, line and column there. All count from 0. */
const width = 5;
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const [comma, semicolon] = Buffer.from(",;");
const values = new Uint8Array(128);
for (const [value, digit] of [...digits].entries()) values[digit.charCodeAt(0)] = value;

/** The bytes of a source map's positions: the length of the names of its sources, these names, and the numbers. */
export function encodePositions({ sources, mappings }) {
  const names = Buffer.from(JSON.stringify(sources));
  const numbers = positionsOf(mappings);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(names.length);
  return Buffer.concat([length, names, Buffer.from(numbers.buffer)]);
}

/**
 * All numbers of the mappings, in their order. Mappings without a source are left out. It reads each character once and
 * makes no lists: a bundle has a million digits, which a command waits for.
 */
function positionsOf(mappings) {
  // A mapping with a source takes five characters with its separator, and five numbers here.
  const positions = new Int32Array(mappings.length + 1);
  const sums = [0, 0, 0, 0];
  let [length, line, field, number, shift] = [0, 0, 0, 0, 0];
  for (const byte of Buffer.from(`${mappings},`)) {
    if (byte === comma || byte === semicolon) {
      if (field > 1) {
        positions[length++] = line;
        for (const sum of sums) positions[length++] = sum;
      }
      field = 0;
      if (byte === semicolon) {
        line++;
        sums[0] = 0;
      }
      continue;
    }
    // A number has five bits a digit, the lowest first. The lowest bit of all is the sign.
    const value = values[byte];
    number += (value & 31) << shift;
    shift += 5;
    if (value & 32) continue;
    if (field < sums.length) sums[field] += number & 1 ? -(number >> 1) : number >> 1;
    field++;
    number = shift = 0;
  }
  return positions.slice(0, length);
}

/** Finds positions in what {@link encodePositions} made. */
export class Positions {
  #sources;
  #numbers;

  constructor(bytes) {
    const end = 4 + bytes.readUInt32LE(0);
    this.#sources = JSON.parse(bytes.toString("utf8", 4, end));
    // A copy begins where numbers may begin.
    this.#numbers = new Int32Array(new Uint8Array(bytes.subarray(end)).buffer);
  }

  /**
   * The position in a source of a position in the bundle. All count from 1.
   * @returns undefined where the bundle has text of its own
   */
  find(line, column) {
    const at = this.#last(line - 1, column - 1) * width;
    if (at < 0 || this.#numbers[at] !== line - 1) return undefined;
    const [source, sourceLine, sourceColumn] = this.#numbers.subarray(at + 2, at + width);
    return { source: this.#sources[source], line: sourceLine + 1, column: sourceColumn + 1 };
  }

  /** The last entry that begins at a position or before it. */
  #last(line, column) {
    const numbers = this.#numbers;
    let [low, high] = [0, numbers.length / width];
    while (low < high) {
      const middle = (low + high) >> 1;
      const [itsLine, itsColumn] = [numbers[middle * width], numbers[middle * width + 1]];
      if (itsLine < line || (itsLine === line && itsColumn <= column)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
