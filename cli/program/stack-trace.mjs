import { SourceMap } from "node:module";
import { join } from "node:path";

/**
 * Replaces the positions in stack traces: those in the bundle become the source's. Pulumi takes several stack traces for
 * each resource, and the mapping that it brings reads the source maps of its own files as well, for a tenth of a preview.
 * @param url of the bundle
 * @param root folder of the map's paths
 * @param map source map of the bundle
 */
export function mapStackTraces(url, root, map) {
  const sources = new SourceMap(map);
  Error.prepareStackTrace = (error, frames) =>
    [error, ...frames.map((frame) => `    at ${position(frame)}`)].join("\n");

  function position(frame) {
    if (frame.getFileName() !== url) return String(frame);
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    const origin = sources.findOrigin(line, column);
    const place = origin.fileName && `${join(root, origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`;
    return String(frame).replace(`${url}:${line}:${column}`, place ?? "$&");
  }
}
