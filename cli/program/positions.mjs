/**
 * The positions of a bundle's sources, as numbers: Node needs 40 ms to read the same from a source map, and Pulumi asks for
 * positions at the first resource.
 * @see https://tc39.es/ecma426/#sec-mappings
 */

/** Numbers of one position: line and column in the bundle; number of the source, line and column there. All count from 0. */
const width = 5;
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Uint8Array(128);
for (const [value, digit] of [...digits].entries()) values[digit.charCodeAt(0)] = value;

/** The bytes of a source map's positions: the length of the names of its sources, these names, and the numbers. */
export function encodePositions({ sources, mappings }) {
  const names = Buffer.from(JSON.stringify(sources));
  const numbers = Int32Array.from(positionsOf(mappings));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(names.length);
  return Buffer.concat([length, names, Buffer.from(numbers.buffer)]);
}

/** All numbers of the mappings, in their order. Mappings without a source are left out. */
function positionsOf(mappings) {
  const positions = [];
  const sums = [0, 0, 0, 0];
  for (const [line, segments] of mappings.split(";").entries()) {
    sums[0] = 0;
    for (const segment of segments === "" ? [] : segments.split(",")) {
      const steps = decode(segment);
      for (let index = 0; index < Math.min(steps.length, sums.length); index++) sums[index] += steps[index];
      if (steps.length > 1) positions.push(line, ...sums);
    }
  }
  return positions;
}

/** The numbers of a segment, which have five bits a digit, the lowest first. The lowest bit of all is the sign. */
function decode(segment) {
  const numbers = [];
  let number = 0;
  let shift = 0;
  for (let index = 0; index < segment.length; index++) {
    const value = values[segment.charCodeAt(index)];
    number += (value & 31) << shift;
    shift += 5;
    if (value & 32) continue;
    numbers.push(number & 1 ? -(number >> 1) : number >> 1);
    number = 0;
    shift = 0;
  }
  return numbers;
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
