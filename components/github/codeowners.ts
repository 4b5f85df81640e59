import type { TenantSpec } from "../../config/tenant/schema.js";

/**
 * Path of the CODEOWNERS file. GitHub looks there first, so no other file can take precedence.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-location
 */
export const CODEOWNERS_PATH = ".github/CODEOWNERS";

/** The CODEOWNERS file of a repository. */
export function codeownersFile(lines: TenantSpec["repositories"][number]["codeowners"]): string {
  const header = "# Written by the platform from the tenant's file: a change here is undone by its next one.\n";
  return header + lines.map(({ pattern, owners }) => `${pattern} ${owners.join(" ")}\n`).join("");
}
