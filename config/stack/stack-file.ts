import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { type Path, parsePath } from "../../lib/diagnostics/zod-issues.js";
import { parseYaml, type YamlFile } from "../files/yaml-file.js";

/** The file `Pulumi.STACK.yaml`, read without the engine and without the key to its secrets. */
export interface StackFile {
  /** Name of the file: `Pulumi.staging.yaml`. */
  readonly file: string;
  /** The program's settings without `fleet:`, as the engine passes them: text, with JSON for lists and maps. */
  readonly config: Readonly<Record<string, string>>;
  /** `pulumi:disable-default-providers`, in the same form. @default - not set */
  readonly disabledDefaultProviders: string | undefined;
  /** Full keys that have an encrypted value: `fleet:secrets`. */
  readonly encryptedKeys: readonly string[];
  /** Those of them whose values cannot be checked: all but `fleet:secrets`, of which only the names are checked. */
  readonly uncheckedKeys: readonly string[];
  /** Problems of the file's text. When there are any, `config` is not complete. */
  readonly problems: readonly Problem[];
  /** Line of a setting: `fleet:platformRepository.name`. Undefined when it is unknown. */
  lineOf(path: string): number | undefined;
}

const ownPrefix = "fleet:";
const defaultProviders = "pulumi:disable-default-providers";
const secrets = "fleet:secrets";

/** Stands for an encrypted value. It is an address, because the value of some secrets must be one. */
const placeholder = "https://encrypted.invalid/";

/**
 * Reads the settings of a stack from its file.
 * @param root folder of the file
 * @see https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration
 */
export function readStackFile(root: string, stack: string): StackFile {
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  if (!existsSync(path)) {
    const problem = { file, path: "", message: "does not exist", fix: "Create it with the settings of the stack" };
    return settingsOf({ file, readable: false, data: null, problems: [problem], lineOf: () => undefined });
  }
  return settingsOf(parseYaml(file, readFileSync(path, "utf8")));
}

function settingsOf(yaml: YamlFile): StackFile {
  const { file, lineOf } = yaml;
  const { entries, problems } = configEntries(yaml);
  const settings = entries.map(([key, value]) => ({ key, value: settingText(value), encrypted: placesOf(value) }));
  const encrypted = settings.filter((setting) => setting.encrypted.length > 0);
  return {
    file,
    config: Object.fromEntries(
      settings
        .filter(({ key }) => key.startsWith(ownPrefix))
        .map(({ key, value }) => [key.slice(ownPrefix.length), value]),
    ),
    disabledDefaultProviders: settings.find(({ key }) => key === defaultProviders)?.value,
    encryptedKeys: encrypted.map(({ key }) => key),
    uncheckedKeys: encrypted.filter((one) => !areSecretValues(one)).map(({ key }) => key),
    problems,
    lineOf: (path) => (path === "" ? undefined : lineOf(["config", ...parsePath(path)])),
  };
}

function configEntries({ file, data, problems, lineOf }: YamlFile): {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly problems: readonly Problem[];
} {
  const content = data ?? {};
  const config = isPlainObject(content) ? (content.config ?? {}) : undefined;
  if (isPlainObject(config)) return { entries: Object.entries(config), problems };
  const wrong = { file, line: lineOf(["config"]), path: "config", message: "is not a map", fix: "Correct it" };
  return { entries: [], problems: [...problems, wrong] };
}

/** A value as the engine passes it, with a placeholder for each encrypted one. */
function settingText(value: unknown): string {
  // As JSON it is neither a list nor a map, so that no check takes an encrypted list for an empty one.
  if (isEncrypted(value)) return JSON.stringify(placeholder);
  if (typeof value !== "object") return String(value);
  return value === null ? "" : JSON.stringify(value, (_, part: unknown) => (isEncrypted(part) ? placeholder : part));
}

/** The places of encrypted values below a value. */
function placesOf(value: unknown): readonly Path[] {
  if (isEncrypted(value)) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([step, part]) => placesOf(part).map((place) => [step, ...place]));
}

/** Whether every encrypted value is that of one secret: `fleet:secrets.TENANT.NAME`. */
function areSecretValues({ key, encrypted }: { readonly key: string; readonly encrypted: readonly Path[] }): boolean {
  return key === secrets && encrypted.every(({ length }) => length === 2);
}

/** Whether a value is what Pulumi writes for an encrypted one: a map with `secure` alone. */
function isEncrypted(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}
