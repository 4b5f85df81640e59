const sections = { namespace: "namespaces", repository: "repositories", sync: "syncs" } as const;

/** A kind of a tenant's parts, by the section of the primary one. */
export type PartKind = keyof typeof sections;

/** The place of a part in a tenant's files; the primary part is the first of its list, and has a section of its own. */
export function partPlace(kind: PartKind, index: number, name: string): readonly string[] {
  return index === 0 ? [kind] : [sections[kind], name];
}

/** The place of a part's name in a tenant's files: an additional part has it for a key. */
export function partNamePlace(kind: PartKind, index: number, name: string): readonly string[] {
  return index === 0 ? [kind, "name"] : [sections[kind], name];
}
