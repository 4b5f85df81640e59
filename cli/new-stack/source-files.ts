import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readFolder } from "../../config/files/read-folder.js";
import { DEFAULTS_FILE, WAIVERS_FILE } from "../../config/names.js";
import { OWNERS_FILES } from "./owners.js";
import type { SourceFiles } from "./plan.js";

/** Reads the files of a stack that a new one is derived from. @param tenants names of its tenants */
export function readSourceFiles(root: string, stack: string, tenants: readonly string[]): SourceFiles {
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const first = (...files: readonly string[]) => {
    const file = files.find((one) => existsSync(join(root, one)));
    return file === undefined ? undefined : { file, text: read(file) };
  };
  return {
    settings: read(`Pulumi.${stack}.yaml`),
    overlays: new Map(tenants.map((name) => [name, read(`stacks/${stack}/tenants/${name}.yaml`)])),
    defaults: first(`stacks/${stack}/${DEFAULTS_FILE}`)?.text,
    platform: existsSync(join(root, "fleet")) ? readFolder(root, "fleet") : {},
    owners: first(...OWNERS_FILES),
    waivers: first(WAIVERS_FILE),
  };
}
