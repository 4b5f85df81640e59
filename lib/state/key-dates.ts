import { GIT_KEY_ANNOTATION, GIT_KEY_SINCE_ANNOTATION } from "../kubernetes/ownership-labels.js";
import type { StackState } from "./stack-state.js";

/** The key of a GitRepository in a stack's state, as its annotations name it. */
interface StatedKeyDate {
  /** Fingerprint of the key. Undefined for an object that an older version of the program wrote. */
  readonly fingerprint?: string | undefined;
  readonly since?: string | undefined;
  /** Time at which the object was created. */
  readonly created?: string | undefined;
}

/** The deploy keys of a stack's state and their dates, and the time of the update. */
export interface KeyDates {
  /** By `namespace/name` of the GitRepository. */
  readonly sources: ReadonlyMap<string, StatedKeyDate>;
  /** Fingerprints of all key pairs. */
  readonly pairs: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The dates of the keys in a stack's state. @param now milliseconds since 1970 */
export function keyDatesIn(state: StackState, now: number): KeyDates {
  const sources = new Map<string, StatedKeyDate>();
  const pairs = new Set<string>();
  for (const { type, outputs } of Object.values(state)) {
    if (type === "tls:index/privateKey:PrivateKey") pairs.add(String(outputs.publicKeyFingerprintSha256));
    if (!/^kubernetes:source\.toolkit\.fluxcd\.io\/\w+:GitRepository$/.test(type)) continue;
    const { namespace, name, annotations, creationTimestamp } = outputs.metadata as StatedMetadata;
    const { [GIT_KEY_ANNOTATION]: fingerprint, [GIT_KEY_SINCE_ANNOTATION]: since } = annotations ?? {};
    sources.set(`${namespace}/${name}`, { fingerprint, since, created: creationTimestamp });
  }
  return { sources, pairs, now };
}

interface StatedMetadata {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
}

/**
 * The time since which a GitRepository uses a key: the noted one for the noted key, and that of this update for another.
 * A key that an older version of the program made has no note: it is as old as its GitRepository.
 * @param source `namespace/name` of the GitRepository
 * @returns `2026-11-27T09:30:00Z`
 */
export function keySince({ sources, pairs, now }: KeyDates, source: string, fingerprint: string): string {
  const { fingerprint: noted, since, created } = sources.get(source) ?? {};
  if (noted === fingerprint && since !== undefined) return since;
  if (noted === undefined && created !== undefined && pairs.has(fingerprint)) return created;
  return new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
}
