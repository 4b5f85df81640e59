import type { RepositoryPart } from "../../config/tenant/parts.js";
import { CODEOWNERS_PATH } from "../../config/tenant/repositories/schema.js";

type Lines = RepositoryPart["repository"]["codeowners"];

/**
 * The CODEOWNERS file of a repository by its path; no file without lines. GitHub looks at this path first, so no other file
 * can take precedence.
 * @param source where people change the lines, as in: "the tenant's file"
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-location
 */
export function codeownersFiles(lines: Lines, source: string): Readonly<Record<string, string>> {
  if (lines.length === 0) return {};
  const header = `# Written by the platform from ${source}: a change here is undone by its next one.\n`;
  const content = header + lines.map(({ pattern, owners }) => `${pattern} ${owners.join(" ")}\n`).join("");
  return { [CODEOWNERS_PATH]: content };
}
