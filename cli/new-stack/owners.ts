import type { Renaming } from "./platform-files.js";

/** Places of CODEOWNERS, of which GitHub reads the first. */
export const OWNERS_FILES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/**
 * The text of CODEOWNERS with a line for the new stack after each line for the files of the source. The last line that
 * matches a path decides, so the place of a line counts.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function newOwners(text: string, { from, to }: Renaming): string {
  const lines = text.split("\n");
  return lines
    .flatMap((line) => {
      const [, pattern = "", owners = ""] = /^([^\s#]\S*)(.*)$/.exec(line) ?? [];
      const added = `${renamedPattern(pattern, from, to)}${owners}`;
      return lines.includes(added) || pattern === "" ? [line] : [line, added];
    })
    .join("\n");
}

function renamedPattern(pattern: string, from: string, to: string): string {
  const names = new Map([
    [from, to],
    [`Pulumi.${from}.yaml`, `Pulumi.${to}.yaml`],
  ]);
  return pattern
    .split("/")
    .map((part) => names.get(part) ?? part)
    .join("/");
}
