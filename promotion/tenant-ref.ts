/** The fields of `sync.ref` of a tenant's file. */
export interface GitRef {
  readonly branch?: string | undefined;
  readonly tag?: string | undefined;
  readonly semver?: string | undefined;
  readonly commit?: string | undefined;
}

/**
 * The exact revision that a sync runs, for `sync.ref`: the tag where the sync follows tags, and the commit otherwise.
 * @param revision as Flux writes it: `main@sha1:…`, `v1.4.2@sha1:…` or `sha1:…`
 * @param followed the reference that the sync follows
 * @returns undefined for a revision that names no commit
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#artifact
 */
export function tenantRef(revision: string, followed: GitRef): { commit: string } | { tag: string } | undefined {
  const [, name, commit] = /^(?:(.+)@)?sha1:([0-9a-f]{40})$/.exec(revision) ?? [];
  if (commit === undefined) return undefined;
  const followsTags = followed.tag !== undefined || followed.semver !== undefined;
  return followsTags && name !== undefined ? { tag: name } : { commit };
}
