import { TAG_PREFIX } from "./ready.js";

/**
 * The exact revision of a record for `sync.ref`: the tag where the sync followed tags, and the commit otherwise.
 * @param recorded `main@sha1:…`, `refs/tags/v1.4.2@sha1:…` or `sha1:…`
 * @returns undefined for a revision that names no commit
 */
export function tenantRef(recorded: string): { commit: string } | { tag: string } | undefined {
  const [, name, commit] = /^(?:(.+)@)?sha1:([0-9a-f]{40})$/.exec(recorded) ?? [];
  if (commit === undefined) return undefined;
  return name?.startsWith(TAG_PREFIX) ? { tag: name.slice(TAG_PREFIX.length) } : { commit };
}
