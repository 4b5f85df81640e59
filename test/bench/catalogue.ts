import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { editYaml } from "../support/e2e/program-settings.js";

/** Stack that the benchmark brings up; it creates the repositories, so its tenants cost the most. */
export const benchStack = "staging";

/** Stacks that every generated tenant is in, so that the template has as many folders as the real one. */
const stacks = [benchStack, "prod-eu"];

/** Names of the generated tenants: `bench-001`, and so on. They sort as they are counted. */
export function tenantNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `bench-${String(index + 1).padStart(3, "0")}`);
}

/** The tenant that {@link changeOneTenant} changes. */
export const [changedTenant = ""] = tenantNames(1);

/** A catalogue of default tenants, nothing set but their names: path below `stacks/` → content. */
export function catalogueFiles(count: number): Record<string, string> {
  const files = tenantNames(count).flatMap((name) => [
    [`base/tenants/${name}.yaml`, stringify({ name })] as const,
    ...stacks.map((stack) => [`${stack}/tenants/${name}.yaml`, stringify({})] as const),
  ]);
  return Object.fromEntries(files);
}

/** Changes one tenant: the quotas of its namespace. @param program folder of a copy of the program */
export async function changeOneTenant(program: string, size = "medium"): Promise<void> {
  await editYaml(program, `stacks/base/tenants/${changedTenant}.yaml`, [[["limits"], { size }]]);
}

/**
 * Puts generated tenants in the place of all others.
 * @param program folder of a copy of the program, never the checkout
 */
export async function writeCatalogue(program: string, count: number): Promise<void> {
  for (const folder of ["base", ...stacks]) {
    const tenants = join(program, "stacks", folder, "tenants");
    await rm(tenants, { recursive: true, force: true });
    await mkdir(tenants, { recursive: true });
  }
  for (const [path, content] of Object.entries(catalogueFiles(count))) {
    const file = join(program, "stacks", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
