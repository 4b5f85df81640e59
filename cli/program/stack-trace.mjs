import { join } from "node:path";

/**
 * Replaces the positions in stack traces: those in the bundle become the source's. Pulumi takes several stack traces for
 * each resource, and the mapping that it would bring reads the source maps of its own files as well.
 * @param file path of the bundle, which is the program's
 * @param root folder of the sources
 * @param find returns the position in a source of one in the bundle
 * @param script name of the bundle's script. @default - its path
 */
export function mapStackTraces(file, root, find, script = file) {
  /** Positions in the source by those in the bundle. */
  const known = new Map();
  Error.prepareStackTrace = (error, frames) => [error, ...frames.map((frame) => `    at ${textOf(frame)}`)].join("\n");

  function textOf(frame) {
    const text = String(frame);
    if (!text.includes(script)) return text;
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    const position = `${line}:${column}`;
    if (!known.has(position)) known.set(position, sourceOf(line, column));
    return text.replace(`${script}:${position}`, () => known.get(position) ?? `${file}:${position}`);
  }

  function sourceOf(line, column) {
    const found = find(line, column);
    return found && `${join(root, found.source)}:${found.line}:${found.column}`;
  }
}
