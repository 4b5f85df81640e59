import type { TenantSpec } from "../../config/tenant/schema.js";

/**
 * Where GitHub looks for it first, so that no other file can be put before it.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-location
 */
export const CODEOWNERS_PATH = ".github/CODEOWNERS";

/** The CODEOWNERS file of a repository. */
export function codeownersFile(lines: TenantSpec["repositories"][number]["codeowners"]): string {
  const header = "# Written by the platform from the tenant's file: a change here is undone by its next one.\n";
  return header + lines.map(({ pattern, owners }) => `${pattern} ${owners.join(" ")}\n`).join("");
}
