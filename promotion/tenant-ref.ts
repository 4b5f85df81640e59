import { TAG_PREFIX } from "./ready.js";

/** A revision for `sync.ref`: a commit with the branch on which it was applied, or a tag. */
export type ExactRef = { readonly commit: string; readonly branch?: string } | { readonly tag: string };

/**
 * The exact revision of a record for `sync.ref`: the tag where the sync followed tags, and the commit otherwise.
 * @param recorded `main@sha1:…`, `refs/tags/v1.4.2@sha1:…` or `sha1:…`, which names no branch
 * @returns undefined for a revision that names no commit
 */
export function tenantRef(recorded: string): ExactRef | undefined {
  const [, name, commit] = /^(?:(.+)@)?sha1:([0-9a-f]{40})$/.exec(recorded) ?? [];
  if (commit === undefined) return undefined;
  if (name?.startsWith(TAG_PREFIX)) return { tag: name.slice(TAG_PREFIX.length) };
  return name === undefined ? { commit } : { commit, branch: name };
}
