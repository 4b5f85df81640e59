import type * as pulumi from "@pulumi/pulumi";
import { GIT_KEY_ANNOTATION, GIT_KEY_SINCE_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { type KeyDates, keySince } from "../../lib/state/key-dates.js";
import { fingerprintOf, type GitCredential } from "../github/git-credential.js";

/** A GitRepository, and the credential that it uses. */
export interface DatedKeyArgs {
  /** `namespace/name` of the GitRepository. */
  readonly source: string;
  readonly credential: GitCredential;
  readonly keyDates: KeyDates;
}

/**
 * The metadata of a GitRepository with the fingerprint of its deploy key and the key's date, for alerts on old keys. A
 * rotation changes the Secret in place, so the Secret's own age says nothing. A token has neither.
 */
export function withKeyDate<Metadata extends object>(
  metadata: Metadata & { readonly annotations?: Readonly<Record<string, string>> },
  { source, credential, keyDates }: DatedKeyArgs,
): Metadata & { readonly annotations?: Readonly<Record<string, pulumi.Input<string>>> } {
  const fingerprint = fingerprintOf(credential);
  if (fingerprint === undefined) return metadata;
  const since = fingerprint.apply((key) => keySince(keyDates, source, key));
  const noted = { [GIT_KEY_ANNOTATION]: fingerprint, [GIT_KEY_SINCE_ANNOTATION]: since };
  return { ...metadata, annotations: { ...metadata.annotations, ...noted } };
}
