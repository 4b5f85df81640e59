import { parseYaml } from "../../config/files/yaml-file.js";
import { DEFAULTS_FILE } from "../../config/names.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { newDefaults, newOverlay } from "./overlay.js";
import { newOwners } from "./owners.js";
import { type Files, newPlatformFiles, type Renaming } from "./platform-files.js";
import type { SyncedTenant } from "./revisions.js";
import { newSettings } from "./settings.js";

/** The files of a stack that a new one is derived from. */
export interface SourceFiles {
  /** Text of Pulumi.STACK.yaml. */
  readonly settings: string;
  /** Texts of the overlays, by tenant. */
  readonly overlays: ReadonlyMap<string, string>;
  /** Text of the defaults of all its tenants. @default - it has no such file */
  readonly defaults?: string | undefined;
  /** All files of `fleet/`. */
  readonly platform: Files;
  /** The CODEOWNERS that GitHub reads. */
  readonly owners: TextFile | undefined;
  /** The waivers of rules. */
  readonly waivers: TextFile | undefined;
}

interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** A file with another text. */
export interface Edit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** Everything that a new stack changes in a checkout. */
export interface NewStackPlan {
  /** New files, sorted by path. */
  readonly created: Files;
  /** The new files as they are once the values that are to be set have been. */
  readonly trial: Files;
  readonly edited: readonly Edit[];
  /** Secret values to set, as `secrets.team-payments.slack`. */
  readonly secretsToSet: readonly string[];
  /** Other settings to set, as `webhookUrl`. */
  readonly settingsToSet: readonly string[];
  /** Keys and fields of the source that the new stack does not have, by file of the source. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
  /** Lines of the new files that still name the source. */
  readonly mentions: readonly string[];
  /** URL of the key that encrypts the source's secrets. @default - a passphrase, or Pulumi Cloud */
  readonly secretsProvider: string | undefined;
}

/**
 * Computes the files of a new stack from those of another one. Nothing is read or written.
 * @param source the files of a stack that loads without problems
 * @param tenants those of the source's tenants that the new stack gets
 */
export function planNewStack(source: SourceFiles, renaming: Renaming, tenants: readonly SyncedTenant[]): NewStackPlan {
  const { from, to } = renaming;
  const names = tenants.map(({ name }) => name);
  const settings = newSettings({ stack: from, text: source.settings, target: to }, names);
  const overlays = tenants.map((tenant) => {
    const { name } = tenant;
    return { name, ...newOverlay(source.overlays.get(name) ?? "", renaming, tenant) };
  });
  const defaults = source.defaults === undefined ? undefined : newDefaults(source.defaults, renaming);
  const shared = {
    ...(defaults && { [defaultsFile(to)]: defaults.text }),
    ...Object.fromEntries(overlays.map(({ name, text }) => [overlayFile(to, name), text])),
    // Git keeps no empty folders.
    ...(tenants.length === 0 ? { [`stacks/${to}/tenants/.gitkeep`]: "" } : {}),
    ...newPlatformFiles(source.platform, renaming),
  };
  const withSettings = (text: string): Files => {
    const files = Object.entries({ ...shared, [`Pulumi.${to}.yaml`]: text });
    return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const created = withSettings(settings.text);
  const leftOut: [string, readonly string[]][] = [
    [`Pulumi.${from}.yaml`, settings.leftOut],
    ...(defaults === undefined ? [] : [[defaultsFile(from), defaults.leftOut] as [string, readonly string[]]]),
    ...overlays.map((one): [string, readonly string[]] => [overlayFile(from, one.name), one.leftOut]),
    ...(source.waivers === undefined ? [] : [waiversOf(source.waivers, from)]),
  ];
  const { secretsToSet, settingsToSet, secretsProvider, trial } = settings;
  return {
    created,
    trial: withSettings(trial),
    edited: ownersEdits(source, renaming),
    secretsToSet,
    settingsToSet,
    leftOut: new Map(leftOut.filter(([, fields]) => fields.length > 0)),
    mentions: Object.entries(created).flatMap(([file, text]) => mentionsOf(file, text, from)),
    secretsProvider,
  };
}

function defaultsFile(stack: string): string {
  return `stacks/${stack}/${DEFAULTS_FILE}`;
}

function overlayFile(stack: string, tenant: string): string {
  return `stacks/${stack}/tenants/${tenant}.yaml`;
}

function ownersEdits({ owners }: SourceFiles, renaming: Renaming): readonly Edit[] {
  if (owners === undefined) return [];
  const after = newOwners(owners.text, renaming);
  return after === owners.text ? [] : [{ file: owners.file, before: owners.text, after }];
}

/** The rules whose violations a waiver accepts on the source. Its owner agreed to that stack alone. */
function waiversOf({ file, text }: TextFile, from: string): [string, readonly string[]] {
  const { data } = parseYaml(file, text);
  const waivers = isPlainObject(data) && Array.isArray(data.waivers) ? (data.waivers as readonly unknown[]) : [];
  const own = waivers.filter((one) => isPlainObject(one) && one.stack === from) as readonly { readonly rule: string }[];
  return [file, own.map(({ rule }) => `waiver of ${rule}`)];
}

/** Lines that name the source, apart from those that must. */
function mentionsOf(file: string, text: string, from: string): readonly string[] {
  const named = new RegExp(`(^|[^A-Za-z0-9-])${from}([^A-Za-z0-9-]|$)`);
  const meant =
    /^\s*((["']?fleet:)?(repositoryOwner|promotesFrom)\b|# (Nothing|With a branch.*, each push) reaches this )/;
  return text
    .split("\n")
    .flatMap((line, index) => (named.test(line) && !meant.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}
