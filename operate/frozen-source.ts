import type { FluxObject } from "./flux-object.js";

/**
 * The reason why a sync that its file freezes does not run what the files say. Its source is suspended, so it fetches
 * neither a first revision nor that of another reference: the sync would stay as it is, and Ready. Undefined when the fetched
 * revision is of the reference. Flux writes a revision as `main@sha1:…`, or as `sha1:…` for a commit alone.
 */
export function frozenSourceReason({ spec, status }: FluxObject): string | undefined {
  const revision = status.artifact?.revision;
  if (revision === undefined) return "is frozen, and has fetched nothing: end the freeze for a first revision";
  const { branch, tag, semver, commit } = spec?.ref ?? {};
  const [, name = ""] = /^(.+)@/.exec(revision) ?? [];
  if (isOf(revision, name, { branch, tag, semver, commit })) return undefined;
  return `is frozen at ${revision}, and its file follows ${commit ?? semver ?? tag ?? branch}: end the freeze to fetch it`;
}

type Reference = NonNullable<NonNullable<FluxObject["spec"]>["ref"]>;

/** A commit decides before a range, a range before a tag, and a tag before a branch, as in Flux. */
function isOf(revision: string, name: string, { branch, tag, semver, commit }: Reference): boolean {
  if (commit !== undefined) return revision.endsWith(`:${commit}`);
  if (semver !== undefined) return /^v?\d/.test(name);
  return (tag ?? branch ?? name) === name;
}
