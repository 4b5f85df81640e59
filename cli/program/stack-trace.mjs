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
  /** Positions in the source by those in the bundle. */
  const positions = new Map();
  const wantsPromises = process.env.PULUMI_DEBUG_PROMISE_LEAKS !== undefined;
  Error.prepareStackTrace = (error, frames) => {
    // Pulumi notes where each promise was made, which it only prints where this variable asks for it.
    if (!wantsPromises && frames[0]?.getFunctionName() === "debuggablePromise") return String(error);
    return [error, ...frames.map((frame) => `    at ${textOf(frame)}`)].join("\n");
  };

  function textOf(frame) {
    const text = String(frame);
    if (!text.includes(url)) return text;
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    const position = `${line}:${column}`;
    if (!positions.has(position)) positions.set(position, sourceOf(line, column));
    return text.replace(`${url}:${position}`, positions.get(position) ?? "$&");
  }

  function sourceOf(line, column) {
    const { fileName, lineNumber, columnNumber } = sources.findOrigin(line, column);
    return fileName && `${join(root, fileName)}:${lineNumber}:${columnNumber}`;
  }
}
