import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { OWN_PREFIX } from "../../config/stack/stack-file.js";
import { isPlainObject } from "../../lib/data/merge.js";

/**
 * Whether two texts of a file `Pulumi.STACK.yaml` differ in what the engine and other packages read: all but the settings of
 * the program itself. `environment` sets variables of the update, such as NODE_OPTIONS; no recorded program notices it.
 * @see https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
 */
export function differForEngine(before: string, after: string): boolean {
  return !isDeepStrictEqual(engineSettings(before), engineSettings(after));
}

/** The settings that are not the program's own. A text that is no map counts as a whole. */
function engineSettings(text: string): unknown {
  const content = parsed(text);
  if (!isPlainObject(content)) return text.trim() === "" ? { config: {} } : text;
  const { config = {}, ...rest } = content;
  if (!isPlainObject(config)) return content;
  const others = Object.entries(config).filter(([key]) => key.includes(":") && !key.startsWith(OWN_PREFIX));
  return { ...rest, config: Object.fromEntries(others) };
}

function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    // The loader reports it with its line.
    return undefined;
  }
}
