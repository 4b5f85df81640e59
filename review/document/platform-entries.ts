import { isPlainObject } from "../../lib/data/merge.js";
import { type Phrase, phrase } from "../phrase.js";
import type { SecretMark } from "../planned-resource.js";
import { isSecretMark, type PlannedResource, type StackPlan } from "../planned-resource.js";
import { type BuiltObject, groupOf, textOf } from "../platform/built-platform.js";
import type { Entry } from "./document.js";
import { stackEntries } from "./stack-entries.js";

/** The content of `fleet/` of one revision for the cluster of a stack. */
export interface PlatformSide {
  /** Files that the cluster reads: path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Objects that its syncs apply. Undefined where they cannot be built. */
  readonly objects: readonly BuiltObject[] | undefined;
}

/** The two sides of a stack. */
export interface PlatformSides {
  readonly plan: StackPlan;
  readonly before: PlatformSide;
  readonly after: PlatformSide;
  /** Returns the mark of a secret value. */
  readonly markSecret: (value: unknown) => SecretMark;
}

/** The most entries of one kind for a stack. Further ones are counted. */
const mostEntries = 200;

/** The entries about changed files of `fleet/`, and about the objects that become others by them or by variables. */
export function platformEntries({ plan, before, after, markSecret }: PlatformSides): Entry[] {
  const { stack } = plan;
  const files = changedFiles(before.files, after.files).map((sentence) => entryOf(stack, sentence));
  if (before.objects === undefined || after.objects === undefined) return bounded(stack, files, "files");
  const planOf = (objects: readonly BuiltObject[]): StackPlan => ({
    ...plan,
    tenants: [],
    existingTeams: {},
    resources: objects.map((object) => asResource(object, markSecret)),
  });
  const sides = { stack, before: planOf(before.objects), after: planOf(after.objects) };
  const entries = stackEntries(sides, new Set()).map(ofFleet);
  const [consequences, objects] = [entries.filter(isConsequence), entries.filter((one) => !isConsequence(one))];
  return [...consequences, ...bounded(stack, files, "files"), ...bounded(stack, objects, "objects")];
}

function isConsequence({ section }: Entry): boolean {
  return section !== "platform";
}

/** They reach a cluster by a commit of the platform's repository, unlike everything else of the document. */
function ofFleet(entry: Entry): Entry {
  return { ...entry, sentence: ["fleet/: ", ...entry.sentence] };
}

function changedFiles(before: PlatformSide["files"], after: PlatformSide["files"]): Phrase[] {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return all.flatMap((file): Phrase[] => {
    if (before[file] === after[file]) return [];
    if (before[file] === undefined) return [phrase`file ${file} is added`];
    return [after[file] === undefined ? phrase`file ${file} is removed` : phrase`file ${file} is changed`];
  });
}

function entryOf(stack: string, sentence: Phrase): Entry {
  return { section: "platform", sentence, targets: [{ stack }], details: [], fields: [] };
}

function bounded(stack: string, entries: readonly Entry[], kind: string): Entry[] {
  const more = entries.length - mostEntries;
  if (more <= 0) return [...entries];
  return [...entries.slice(0, mostEntries), entryOf(stack, [`fleet/: ${more} more ${kind} change`])];
}

/** An object in the form of a registered one, so that the same words and comparisons serve both. */
function asResource(object: BuiltObject, markSecret: PlatformSides["markSecret"]): PlannedResource {
  const [version, kind] = [textOf(object, "apiVersion"), textOf(object, "kind")];
  const [namespace, name] = [textOf(object, "metadata", "namespace"), textOf(object, "metadata", "name")];
  const type = `kubernetes:${version.includes("/") ? version : `core/${version}`}:${kind}`;
  const isSecret = kind === "Secret" && groupOf(object) === "";
  const inputs = isSecret ? withoutValues(object.data, markSecret) : object.data;
  return { name: `${namespace}/${name} of ${object.appliedBy}`, type, parent: "", dependsOn: [], inputs };
}

/** A Secret without its values. An annotation may repeat them. */
function withoutValues(data: BuiltObject["data"], markSecret: PlatformSides["markSecret"]): BuiltObject["data"] {
  const masked = (value: unknown): unknown => {
    if (!isPlainObject(value) || isSecretMark(value)) return value === undefined ? undefined : markSecret(value);
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, markSecret(field)]));
  };
  const { metadata } = data;
  const { annotations, ...others } = isPlainObject(metadata) ? metadata : {};
  return {
    ...data,
    ...(annotations === undefined ? {} : { metadata: { ...others, annotations: masked(annotations) } }),
    ...(data.data === undefined ? {} : { data: masked(data.data) }),
    ...(data.stringData === undefined ? {} : { stringData: masked(data.stringData) }),
  };
}
