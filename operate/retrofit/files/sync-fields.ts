import type { z } from "zod";
import { sync as syncSection } from "../../../config/tenant/syncs/schema.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import type { LiveSource, LiveSync } from "./live-sync.js";

/** Fields of a file, and sentences about all that a file cannot have. */
export interface Expressed {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly leftOut: readonly string[];
}

/** Fields of a Kustomization that a file has under the same name, or that the program sets itself. */
const known = [
  ...["sourceRef", "path", "interval", "retryInterval", "timeout", "prune", "suspend", "force", "wait", "dependsOn"],
  ...["healthChecks", "postBuild", "decryption", "deletionPolicy", "serviceAccountName", "targetNamespace"],
];

/** Fields of a GitRepository that a file has, or that the program sets itself. The deploy key takes the place of a Secret. */
const knownOfSource = ["url", "ref", "interval", "secretRef", "timeout", "suspend", "provider"];

/**
 * The fields of a tenant's sync, from a Kustomization and its source. A value that a file may not have is left out.
 * @param names of the syncs of the tenant in the same namespace
 */
export function syncFields(live: LiveSync, source: LiveSource, names: ReadonlySet<string>): Expressed {
  const { spec, namespace } = live;
  const { decryption, postBuild } = spec;
  const ref = refOf(source);
  const ownDependencies = spec.dependsOn.filter((one) => isHere(one, namespace) && names.has(one.name));
  const ownChecks = spec.healthChecks.filter((one) => isHere(one, namespace));
  const wanted = definedOnly({
    path: pathOf(spec.path),
    ref: ref.fields,
    ...definedOnly(pick(spec, ["interval", "retryInterval", "timeout", "deletionPolicy"])),
    suspend: spec.suspend === true ? true : undefined,
    force: spec.force === true ? true : undefined,
    dependsOn: nonEmptyList(ownDependencies.map(({ name }) => name)),
    healthChecks: nonEmptyList(ownChecks.map(({ apiVersion, kind, name }) => ({ apiVersion, kind, name }))),
    substitute: Object.keys(postBuild.substitute).length > 0 ? postBuild.substitute : undefined,
    substituteFrom: nonEmptyList(
      postBuild.substituteFrom.map(({ kind, name, optional }) => ({ kind, name, ...definedOnly({ optional }) })),
    ),
    decryption: decryption?.secretRef && { secret: decryption.secretRef.name },
  });
  const sound = soundFields(wanted);
  return {
    fields: sound.fields,
    leftOut: [
      ...ref.leftOut,
      ...sound.leftOut,
      ...(spec.prune === false
        ? [
            "prune: false is an exception with an end: the files turn pruning on. To keep it off, add prune: false and pruneOffUntil",
          ]
        : []),
      ...missingFrom(spec.dependsOn, ownDependencies, "dependsOn", "is no sync of this tenant in this namespace"),
      ...missingFrom(spec.healthChecks, ownChecks, "healthChecks", "is in another namespace"),
      ...(decryption !== undefined && decryption.secretRef === undefined
        ? ["decryption without secretRef uses the controller's own identity, which all tenants would share"]
        : []),
      ...unknownFields(spec, known, "move it to the kustomization.yaml of the repository"),
      ...unknownFields(source, knownOfSource, "the program's own GitRepository has no such field", "its source's "),
    ],
  };
}

/** Flux follows the branch master where a source names no reference. */
function refOf({ ref }: LiveSource): Expressed {
  const { name, ...fields } = ref;
  const declared = Object.keys(fields).length > 0 ? fields : { branch: "master" };
  // A commit alone is of the default branch; Flux takes tag before branch, and commit before both.
  const chosen = declared.commit
    ? pick(declared, ["branch", "commit"])
    : firstOf(declared, ["semver", "tag", "branch"]);
  const leftOut =
    name === undefined
      ? []
      : [`ref.name ${name} is no branch or tag of a file: write sync.ref before the first update`];
  return { fields: definedOnly(chosen), leftOut };
}

function firstOf(fields: Readonly<Record<string, string>>, keys: readonly string[]) {
  const key = keys.find((one) => fields[one] !== undefined);
  return key === undefined ? {} : { [key]: fields[key] };
}

/** `deploy`, `/deploy` and `./deploy` are one folder of the repository. */
function pathOf(path: string): string {
  return `./${path.replace(/^\.?\/+/, "").replace(/^\.$/, "")}`;
}

/** The fields that the schema of tenant files takes, each for itself. */
function soundFields(wanted: Readonly<Record<string, unknown>>): Expressed {
  const shape: Readonly<Record<string, z.ZodType>> = syncSection.unwrap().shape;
  const refused = Object.entries(wanted).flatMap(([field, value]) => {
    const result = shape[field]?.safeParse(value);
    return result === undefined || result.success ? [] : [{ field, message: result.error.issues[0]?.message ?? "" }];
  });
  const names = new Set(refused.map(({ field }) => field));
  return {
    fields: Object.fromEntries(Object.entries(wanted).filter(([field]) => !names.has(field))),
    leftOut: refused.map(({ field, message }) => {
      return `${field} ${JSON.stringify(wanted[field])} is left out: it ${message}`;
    }),
  };
}

function isHere({ namespace }: { readonly namespace?: string | undefined }, own: string): boolean {
  return namespace === undefined || namespace === own;
}

interface Reference {
  readonly name: string;
  readonly namespace?: string | undefined;
}

function missingFrom(all: readonly Reference[], kept: readonly Reference[], field: string, why: string): string[] {
  return all
    .filter((one) => !kept.includes(one))
    .map(({ name, namespace }) => {
      return `${field} ${namespace === undefined ? "" : `${namespace}/`}${name} is left out: it ${why}`;
    });
}

function unknownFields(spec: object, fields: readonly string[], remedy: string, whose = ""): string[] {
  return Object.entries(spec)
    .filter(([field, value]) => !fields.includes(field) && isSet(value))
    .map(([field]) => `${whose}spec.${field} is left out: ${remedy}`);
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}

function nonEmptyList<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
