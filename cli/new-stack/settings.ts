import { isMap, isSeq, Scalar, type YAMLMap } from "yaml";
import { PLATFORM_TOKEN } from "../../config/stack/git-tokens.js";
import type { StackConfig } from "../../config/stack/schema.js";
import { OWN_PREFIX } from "../../config/stack/stack-file.js";
import { formatPath, type Path } from "../../lib/diagnostics/zod-issues.js";
import { type EditedDocument, keysOf, parseText, printLike, removeWithEmptyParents } from "./yaml-text.js";

/**
 * Settings that belong to one stack: its cluster's name, consents with an end, and its predecessor. All other settings are
 * rules of the platform, which the new stack shares.
 */
const settingsOfOneStack: readonly (keyof StackConfig)[] = ["adopt", "cluster", "promotesFrom", "promotionOverride"];

/** Settings that belong to one stack, and that its tenants may need: they are to be set before the first update. */
const settingsToSet: readonly (keyof StackConfig)[] = ["webhookUrl"];

/** Settings by tenant. Those of tenants that the new stack lacks would be refused as unused. */
const settingsByTenant: readonly (keyof StackConfig)[] = ["secrets", "gitTokens"];

/**
 * Keys beside the settings that belong to one stack: how its secrets are encrypted, and the environment of Pulumi ESC that
 * it takes values from.
 * @see https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
 */
const keysOfOneStack = ["encryptedkey", "encryptionsalt", "environment", "secretsprovider"] as const;

/** The settings of a stack that a new one is derived from. */
export interface SettingsSource {
  readonly stack: string;
  /** Text of its Pulumi.STACK.yaml. */
  readonly text: string;
  /** Name of the new stack. */
  readonly target: string;
}

/** The settings of a new stack. */
export interface NewSettings {
  /** Text of its Pulumi.STACK.yaml. */
  readonly text: string;
  /** The same with the values that are to be set, as the source has them: for a check before they are. */
  readonly trial: string;
  /** Secret values to set, as `secrets.team-payments.slack`. */
  readonly secretsToSet: readonly string[];
  /** Other settings to set, as `webhookUrl`. */
  readonly settingsToSet: readonly string[];
  /** Keys of the source that the new stack does not have. */
  readonly leftOut: readonly string[];
  /** URL of the key that encrypts the source's secrets. @default - a passphrase, or Pulumi Cloud */
  readonly secretsProvider: string | undefined;
}

/**
 * The settings of a new stack: those of another stack, with their comments, without what belongs to that stack alone.
 * @param source read without problems by the loader
 * @param tenants names of the tenants on the new stack
 */
export function newSettings(source: SettingsSource, tenants: readonly string[]): NewSettings {
  const document = parseText(source.text);
  const config = document.get("config", true);
  if (!isMap(config)) throw new Error(`the settings of the stack ${source.stack} are not a map`);
  const provider = document.get("secretsprovider");
  const leftOut = [...removeTopLevel(document), ...removeSettings(config, settingsOfOneStack)];
  removeOtherTenants(config, tenants);
  addPredecessor(document, config, source);
  const trial = printLike(source.text, document);
  const toSet = removeSettings(config, settingsToSet);
  const secrets = encryptedPlaces(config);
  // From the last to the first, so that the places of list items stay true.
  for (const place of secrets.toReversed()) removeWithEmptyParents(document, ["config", ...place]);
  return {
    text: printLike(source.text, document),
    trial,
    secretsToSet: secrets.map(([key, ...rest]) => formatPath([ownName(String(key)), ...rest])),
    settingsToSet: toSet.map(ownName),
    leftOut,
    secretsProvider: typeof provider === "string" ? provider : undefined,
  };
}

function removeTopLevel(document: EditedDocument): readonly string[] {
  const found = keysOfOneStack.filter((key) => document.has(key));
  for (const key of found) document.delete(key);
  return found;
}

/** Removes settings. @returns their keys, as they were written */
function removeSettings(config: YAMLMap, names: readonly string[]): readonly string[] {
  const found = keysOf(config).filter((key) => names.includes(ownName(key)));
  for (const key of found) config.delete(key);
  return found;
}

function removeOtherTenants(config: YAMLMap, tenants: readonly string[]): void {
  for (const key of keysOf(config).filter((one) => settingsByTenant.some((name) => name === ownName(one)))) {
    const byTenant = config.get(key, true);
    if (!isMap(byTenant)) continue;
    const others = keysOf(byTenant).filter((name) => name !== PLATFORM_TOKEN && !tenants.includes(name));
    for (const name of others) byTenant.delete(name);
    if (byTenant.items.length === 0) config.delete(key);
  }
}

/**
 * Writes the predecessor after the stack that creates the repositories. It must have been Ready with each change, unless the
 * source says otherwise. A stack with a predecessor must say which revision of the platform it follows, and no file knows a
 * commit.
 */
function addPredecessor(document: EditedDocument, config: YAMLMap, { stack, target }: SettingsSource): void {
  const after = keysOf(config).findIndex((key) => ownName(key) === "repositoryOwner");
  const prefix = keysOf(config)[after]?.startsWith(OWN_PREFIX) ? OWN_PREFIX : "";
  const predecessor = new Scalar(`${prefix}promotesFrom`);
  predecessor.commentBefore = ` Nothing reaches this cluster that ${stack} has not run: docs/promotion.md.`;
  const needs = new Scalar(`${prefix}promotionNeeds`);
  needs.commentBefore = " One broken tenant holds back only itself.";
  const revision = new Scalar(`${prefix}platformRevision`);
  revision.commentBefore = ` With a branch, each push reaches this cluster at once. To pin what ${stack} runs: npx fleet promote ${stack} ${target} --platform.`;
  const has = (name: keyof StackConfig) => keysOf(config).some((key) => ownName(key) === name);
  config.items.splice(
    after + 1,
    0,
    document.createPair(predecessor, stack),
    ...(has("promotionNeeds") ? [] : [document.createPair(needs, "ready")]),
    ...(has("platformRevision") ? [] : [document.createPair(revision, { branch: platformBranch(config) })]),
  );
}

/** The branch that clusters follow in the platform's repository. */
function platformBranch(config: YAMLMap): string {
  const key = keysOf(config).find((one) => ownName(one) === "platformRepository");
  const repository = key === undefined ? undefined : config.get(key, true);
  const branch = isMap(repository) ? repository.get("defaultBranch") : undefined;
  return typeof branch === "string" ? branch : "main";
}

/** The places of encrypted values, from the top of the file. */
function encryptedPlaces(node: unknown): readonly Path[] {
  if (isEncryptedNode(node)) return [[]];
  if (isMap(node)) {
    return keysOf(node).flatMap((key) => encryptedPlaces(node.get(key, true)).map((place) => [key, ...place]));
  }
  if (!isSeq(node)) return [];
  return node.items.flatMap((item, index) => encryptedPlaces(item).map((place) => [index, ...place]));
}

/** Whether a node is what Pulumi writes for an encrypted value: a map with `secure` alone. */
function isEncryptedNode(node: unknown): boolean {
  return isMap(node) && node.items.length === 1 && keysOf(node)[0] === "secure";
}

/** The name of a setting: Pulumi takes a key without namespace for one of the project. */
function ownName(key: string): string {
  return key.startsWith(OWN_PREFIX) ? key.slice(OWN_PREFIX.length) : key;
}
