import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { type Path, parsePath } from "../../lib/diagnostics/zod-issues.js";
import { parseYaml, unreadable } from "../files/yaml-file.js";
import { ENCRYPTED_PLACEHOLDER, holdsSecret } from "./secrets.js";

/** The file `Pulumi.STACK.yaml`, read without the engine and without the key to its secrets. */
export interface StackFile {
  readonly file: string;
  /** The program's settings without `fleet:`, as the engine passes them: text, with JSON for lists and maps. */
  readonly config: Readonly<Record<string, string>>;
  /** `pulumi:disable-default-providers`, in the same form. @default - not set */
  readonly disabledDefaultProviders: string | undefined;
  /** Full keys that have an encrypted value: `fleet:secrets`. */
  readonly encryptedKeys: readonly string[];
  /** Those of them whose values cannot be checked: all but settings with secrets, of which only the names are checked. */
  readonly uncheckedKeys: readonly string[];
  /** Problems of the file's text. When there are any, `config` is not complete. */
  readonly problems: readonly Problem[];
  /** Line of a setting: `fleet:platformRepository.name`. Undefined when it is unknown. */
  lineOf(path: string): number | undefined;
}

/** Start of the program's settings: the name of the project. */
export const OWN_PREFIX = "fleet:";

/**
 * Reads the settings of a stack from its file.
 * @param root folder of the file
 * @param placeholderOf what stands for an encrypted value, by its ciphertext: an address @default - always the same
 * @see https://www.pulumi.com/docs/iac/concepts/config/#structured-configuration
 */
export function readStackFile(
  root: string,
  stack: string,
  placeholderOf: (ciphertext: string) => string = () => ENCRYPTED_PLACEHOLDER,
): StackFile {
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  const { data, problems, lineOf } = existsSync(path)
    ? parseYaml(file, readFileSync(path, "utf8"))
    : unreadable(file, { message: "does not exist", fix: "Create it with the settings of the stack" });
  const content = data ?? {};
  const config = isPlainObject(content) ? (content.config ?? {}) : undefined;
  const isMap = isPlainObject(config);
  const notMap = { file, line: lineOf(["config"]), path: "config", message: "is not a map", fix: "Correct it" };
  // Pulumi takes a key without namespace for one of the project.
  const entries = (isMap ? Object.entries(config) : []).map(
    ([key, value]) => [key.includes(":") ? key : `${OWN_PREFIX}${key}`, value] as const,
  );
  const texts = new Map(entries.map(([key, value]) => [key, settingText(value, placeholderOf)]));
  const encrypted = entries.filter(([, value]) => encryptedPlaces(value).length > 0);
  // Of encrypted values of single secrets, such as fleet:secrets.TENANT.NAME, the names are checked.
  const unchecked = encrypted.filter(
    ([key, value]) => !encryptedPlaces(value).every((place) => holdsSecret(key.replace(OWN_PREFIX, ""), place)),
  );
  return {
    file,
    config: Object.fromEntries(
      [...texts].flatMap(([key, text]) => (key.startsWith(OWN_PREFIX) ? [[key.slice(OWN_PREFIX.length), text]] : [])),
    ),
    disabledDefaultProviders: texts.get("pulumi:disable-default-providers"),
    encryptedKeys: encrypted.map(([key]) => key),
    uncheckedKeys: unchecked.map(([key]) => key),
    problems: isMap ? problems : [...problems, notMap],
    lineOf(path) {
      const [key = "", ...rest] = path === "" ? [] : parsePath(path).map(String);
      const written = isMap && !Object.hasOwn(config, key) ? key.replace(OWN_PREFIX, "") : key;
      return path === "" ? undefined : lineOf(["config", written, ...rest]);
    },
  };
}

/** A value as the engine passes it, with a placeholder for each encrypted one. */
function settingText(value: unknown, placeholderOf: (ciphertext: string) => string): string {
  // As JSON it is neither a list nor a map, so that no check takes an encrypted list for an empty one.
  if (isEncrypted(value)) return JSON.stringify(placeholderOf(value.secure));
  if (typeof value !== "object") return String(value);
  if (value === null) return "";
  return JSON.stringify(value, (_, part: unknown) => (isEncrypted(part) ? placeholderOf(part.secure) : part));
}

/** The places of encrypted values below a value. */
function encryptedPlaces(value: unknown): readonly Path[] {
  if (isEncrypted(value)) return [[]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => encryptedPlaces(part).map((place) => [key, ...place]));
}

/** Whether a value is what Pulumi writes for an encrypted one: a map with `secure` alone. */
export function isEncrypted(value: unknown): value is { readonly secure: string } {
  return isPlainObject(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}
