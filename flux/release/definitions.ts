import { z } from "zod";
import { type Manifest, typedKind } from "./typed-kind.js";

const definition = typedKind(
  "CustomResourceDefinition",
  z.object({
    spec: z.looseObject({
      group: z.string(),
      names: z.looseObject({ kind: z.string() }),
      versions: z.array(
        z.looseObject({ name: z.string(), served: z.boolean().default(true), storage: z.boolean().default(false) }),
      ),
    }),
  }),
);

/** A kind of a release, with the versions of its API. */
export interface DefinedKind {
  /** Name of the CustomResourceDefinition: `kustomizations.kustomize.toolkit.fluxcd.io`. */
  readonly name: string;
  readonly group: string;
  readonly kind: string;
  /** All versions that the API server can read from its storage. */
  readonly versions: readonly string[];
  /** The versions in which clients can use objects. */
  readonly served: readonly string[];
  /** The version in which the API server writes objects. */
  readonly storage: string;
}

/** The kinds that a release defines. @throws FleetError naming the fields of a definition that cannot be read */
export function definedKinds(objects: Manifest): DefinedKind[] {
  return definition.of(objects).map(({ metadata: { name }, spec: { group, names, versions } }) => ({
    name,
    group,
    kind: names.kind,
    versions: versions.map((version) => version.name),
    served: versions.filter(({ served }) => served).map((version) => version.name),
    storage: versions.find(({ storage }) => storage)?.name ?? "",
  }));
}

/** The difference of the kinds of two releases, as far as stored and written objects are concerned. */
export interface DefinitionChanges {
  /** Kinds that the other release does not have at all. Without its definition, every object of a kind is deleted. */
  readonly removed: readonly string[];
  /** Versions that the other release cannot read, although the first one knows them. */
  readonly dropped: readonly { readonly name: string; readonly versions: readonly string[] }[];
  /** Those of the dropped versions in which the first release writes every object. */
  readonly unreadable: readonly { readonly name: string; readonly version: string }[];
}

/** Compares the kinds of two releases, from the first one to the other. */
export function definitionChanges(before: readonly DefinedKind[], after: readonly DefinedKind[]): DefinitionChanges {
  const known = new Map(after.map((kind) => [kind.name, kind]));
  const kept = before.flatMap((kind) => {
    const next = known.get(kind.name);
    return next === undefined ? [] : [{ kind, next }];
  });
  const dropped = kept.map(({ kind, next }) => ({
    name: kind.name,
    versions: kind.versions.filter((version) => !next.versions.includes(version)),
  }));
  return {
    removed: before.filter(({ name }) => !known.has(name)).map(({ name }) => name),
    dropped: dropped.filter(({ versions }) => versions.length > 0),
    unreadable: kept
      .filter(({ kind, next }) => !next.versions.includes(kind.storage))
      .map(({ kind }) => ({ name: kind.name, version: kind.storage })),
  };
}
