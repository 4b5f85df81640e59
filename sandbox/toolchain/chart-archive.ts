import { gunzipSync, gzipSync } from "node:zlib";
import { parse } from "yaml";
import { z } from "zod";

/** Files of a chart by their path in it, with slashes. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

const metadataSchema = z.looseObject({ name: z.string(), version: z.string() });
/** The content of a Chart.yaml. */
export type ChartMetadata = z.infer<typeof metadataSchema>;

const block = 512;
/** Longest path in the first field of a tar header. */
const longestPath = 100;

/**
 * Packs a chart as `helm package` does. The same files make the same bytes on every machine: nothing is compressed, because
 * versions of zlib differ in that, and no file has a date.
 * @throws Error when a path is too long for the plain form of a tar file
 */
export function packChart(name: string, files: ChartFiles): Buffer {
  const first = (path: string) => (path === "Chart.yaml" ? 0 : 1);
  const sorted = [...files].sort(([a], [b]) => first(a) - first(b) || (a < b ? -1 : 1));
  const entries = sorted.flatMap(([path, content]) => {
    const padding = Buffer.alloc((block - (content.length % block)) % block);
    return [header(`${name}/${path}`, content.length), content, padding];
  });
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * block)]), { level: 0 });
}

/**
 * The Chart.yaml of a packed chart.
 * @throws Error when the archive has none, which is not so of those that {@link packChart} makes
 */
export function chartMetadata(archive: Buffer): ChartMetadata {
  const tar = gunzipSync(archive);
  for (let offset = 0; offset + block <= tar.length; ) {
    const path = text(tar, offset, longestPath);
    const size = Number.parseInt(text(tar, offset + 124, 12), 8) || 0;
    const content = tar.subarray(offset + block, offset + block + size);
    if (/^[^/]+\/Chart\.yaml$/.test(path)) return metadataSchema.parse(parse(content.toString("utf8")));
    offset += block + Math.ceil(size / block) * block;
  }
  throw new Error("The archive has no Chart.yaml.");
}

function text(tar: Buffer, start: number, length: number): string {
  return tar
    .subarray(start, start + length)
    .toString("utf8")
    .replace(/\0.*$/s, "");
}

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 */
function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > longestPath) throw new Error(`The path ${path} is too long for a chart's archive.`);
  const bytes = Buffer.alloc(block);
  bytes.write(path, 0);
  bytes.write("0000644\0", 100);
  bytes.write("0000000\0", 108);
  bytes.write("0000000\0", 116);
  bytes.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  bytes.write(`${"0".repeat(11)}\0`, 136);
  // The checksum counts its own field as spaces.
  bytes.write(" ".repeat(8), 148);
  bytes.write("0", 156);
  bytes.write("ustar\u000000", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}
