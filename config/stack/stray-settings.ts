import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import { parseYaml, type YamlFile } from "../files/yaml-file.js";
import { holdsSecret, SECRET_PLACES } from "./secrets.js";
import { isEncrypted, OWN_PREFIX } from "./stack-file.js";

/**
 * Keys of a stack's file beside its settings; the engine ignores every other one without a word.
 * @see https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
 */
const topLevelKeys = ["config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"];

/**
 * Settings in a stack's file that nothing reads: outside of `config`, or of another project; and secrets in plain text
 * beside encrypted ones, which the engine takes for encrypted. The engine hands over none of them, so only the file shows
 * them.
 * @returns none when there is no such file, or it cannot be read: then others say so
 */
export function straySettings(root: string, stack: string): Problem[] {
  const name = `Pulumi.${stack}.yaml`;
  const path = join(root, name);
  if (!existsSync(path)) return [];
  const file = parseYaml(name, readFileSync(path, "utf8"));
  if (!isPlainObject(file.data)) return [];
  const { config } = file.data;
  return [
    ...Object.keys(file.data).flatMap((key) => outsideProblems(file, key)),
    ...Object.keys(isPlainObject(config) ? config : {}).flatMap((key) => foreignProblems(file, key)),
    ...plainSecrets(file, isPlainObject(config) ? config : {}),
  ];
}

function outsideProblems(file: YamlFile, key: string): Problem[] {
  if (topLevelKeys.includes(key)) return [];
  const near = didYouMean(nearMatches(key, topLevelKeys), "Remove it");
  const fix = key.startsWith(OWN_PREFIX) || key.startsWith("pulumi:") ? "Move it below config, indented" : near;
  return [problemAt(file, [key], key, "stands outside of config, where Pulumi ignores it", fix)];
}

function foreignProblems(file: YamlFile, key: string): Problem[] {
  const [namespace = "", name] = key.split(":", 2);
  // Pulumi takes a key without namespace for one of the project.
  if (name === undefined || [OWN_PREFIX, "pulumi:"].includes(`${namespace}:`)) return [];
  const isTypingError = nearMatches(namespace, ["fleet", "pulumi"]).map((near) => `${near}:${name}`);
  const message = "belongs to another project or provider, and this program does not read it";
  return [problemAt(file, ["config", key], key, message, didYouMean(isTypingError, "Remove it"))];
}

/** Of one encrypted value the engine encrypts and hides the whole setting, but what is in the file stays there. */
function plainSecrets(file: YamlFile, config: PlainObject): Problem[] {
  return Object.keys(SECRET_PLACES).flatMap((setting) => {
    const key = `${OWN_PREFIX}${setting}`;
    const leaves = leavesOf(config[key] ?? config[setting], []);
    if (!leaves.some(({ value }) => isEncrypted(value))) return [];
    const own = Object.hasOwn(config, key) ? key : setting;
    const fix =
      "Take it out, make a new one where it was given away, and set it with pulumi config set --path --secret";
    return leaves
      .filter(({ path, value }) => !isEncrypted(value) && (holdsSecret(setting, path) || setting !== "pullSecrets"))
      .map(({ path }) => {
        const named = `${OWN_PREFIX}${formatPath([setting, ...path])}`;
        return problemAt(file, ["config", own, ...path], named, "is not encrypted", fix);
      });
  });
}

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

function leavesOf(value: unknown, path: Path): Leaf[] {
  if (isPlainObject(value) && !isEncrypted(value)) {
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  return value === undefined ? [] : [{ path, value }];
}

function problemAt(file: YamlFile, place: Path, path: string, message: string, fix: string): Problem {
  return { file: file.file, line: file.lineOf(place), path, message, fix };
}
