import { environmentParts, furtherControllers } from "@fleet/sandbox/toolchain/wanted-parts";
import { readStackFile } from "../../config/stack/stack-file.js";

/**
 * The real parts of the sandbox that a stack needs, by name.
 * @param root folder of the stack's file. A file that is missing or broken adds nothing: the preview reports it.
 */
export function stackParts(root: string, stack: string): readonly string[] {
  const { extraComponents = "" } = readStackFile(root, stack).config;
  const names: readonly string[] = extraComponents.match(/[\w-]+/g) ?? [];
  return environmentParts(furtherControllers.filter((name) => names.includes(name)));
}
