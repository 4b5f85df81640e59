import type { Phrase } from "../phrase.js";

/**
 * The direction of a change: more rights, fewer rights, rights whose amount cannot be told, or an irreversible change or
 * loss of data.
 */
export type Effect = "loss" | "gained" | "changed" | "lost";

/** One consequence of a change on one stack. */
export interface Finding {
  readonly effect: Effect;
  /** Undefined for the platform. */
  readonly tenant?: string | undefined;
  /** Findings of the same subject, effect and tenant are told in one sentence. */
  readonly subject: string;
  readonly item: Phrase;
  /** A part of the item, listed behind it in parentheses. */
  readonly part?: string | undefined;
  /** The sentence about the subject. */
  readonly tell: (items: Phrase) => Phrase;
}
