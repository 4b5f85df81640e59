import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BASE_FOLDER, WAIVERS_FILE } from "../../config/names.js";
import { OWNERS_FILES } from "../new-stack/owners.js";
import type { Write } from "../write-journal.js";
import { settingsWithout } from "./settings-of-tenant.js";

/** The changes of files that remove a tenant. Nothing is written yet. */
export interface RemovalFiles {
  readonly writes: readonly Write[];
  /** Removed settings by file, as `fleet:secrets.team-a` of `Pulumi.staging.yaml`. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
  /** Lines that still name the tenant or its repositories once no stack runs it, with file and number. */
  readonly mentions: readonly string[];
}

/** A tenant to remove. */
interface RemovedTenant {
  readonly tenant: string;
  /** Stacks that run it no longer. */
  readonly stacks: readonly string[];
  /** Whether no stack runs it any more, so that its base file goes, too. */
  readonly isLast: boolean;
  /** Names of the repositories that are archived with it. */
  readonly archived: readonly string[];
}

/** Computes the changes of files that remove a tenant from stacks. */
export function removalFiles(root: string, { tenant, stacks, isLast, archived }: RemovedTenant): RemovalFiles {
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  const folders = [...(isLast ? [BASE_FOLDER] : []), ...stacks];
  const removed = folders.map((folder) => `stacks/${folder}/tenants/${tenant}.yaml`);
  const settings = stacks
    .map((stack) => `Pulumi.${stack}.yaml`)
    .filter((file) => existsSync(join(root, file)))
    .map((file) => ({ file, before: read(file), ...settingsWithout(read(file), tenant) }))
    .filter((one) => one.removed.length > 0);
  const writes = [
    ...removed.map((file): Write => ({ file, before: read(file), after: null })),
    ...settings.map(({ file, before, text }): Write => ({ file, before, after: text })),
    // Git keeps no empty folders.
    ...removed
      .filter((file) => isOnlyFile(root, file))
      .map((file): Write => ({ file: `${dirname(file)}/.gitkeep`, before: null, after: "" })),
  ];
  return {
    writes,
    settings: new Map(settings.map((one) => [one.file, one.removed])),
    mentions: isLast ? mentionsAfter(root, writes, [tenant, ...archived]) : [],
  };
}

function isOnlyFile(root: string, file: string): boolean {
  return readdirSync(join(root, dirname(file))).length === 1;
}

/** A later tenant or repository of the same name would get consents and waivers that were meant for this one. */
function mentionsAfter(root: string, writes: readonly Write[], names: readonly string[]): readonly string[] {
  const settings = readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  const files = [...settings.sort(), ...OWNERS_FILES, WAIVERS_FILE].filter((file) => existsSync(join(root, file)));
  const words = names.map((name) => name.replaceAll(".", "\\."));
  const named = new RegExp(`(^|[^\\w.-])(${words.join("|")})([^\\w.-]|\\.yaml|$)`, "i");
  return files.flatMap((file) => {
    const text = writes.find((write) => write.file === file)?.after ?? readFileSync(join(root, file), "utf8");
    const lines = text.split("\n");
    return lines.flatMap((line, index) => (named.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
  });
}
