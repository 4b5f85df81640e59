import type { Phrase } from "../phrase.js";
import type { Effect, Finding } from "./finding.js";

/** A setting that exists once for its subject, with a value that can be higher or lower. */
export interface Level {
  /** Identity of the setting on its stack. */
  readonly id: string;
  readonly tenant?: string | undefined;
  readonly value: string;
  /** The change from another value. Called with the value of the old revision. */
  readonly from: (before: string) => LevelChange;
}

/** The change of a level. */
export interface LevelChange {
  readonly effect: Effect;
  /** Changes of one subject are told in one sentence. @default - the sentence stands alone */
  readonly subject?: string;
  readonly item: Phrase;
  /** The sentence. @default - the item is the sentence */
  readonly tell?: (items: Phrase) => Phrase;
}

/** The differences between levels that both revisions have. */
export function changedLevels(before: readonly Level[], after: readonly Level[]): Finding[] {
  const old = new Map(before.map((level) => [level.id, level]));
  return after.flatMap((level) => {
    const former = old.get(level.id);
    if (former === undefined || former.value === level.value) return [];
    const { effect, subject = level.id, item, tell = (items: Phrase) => items } = level.from(former.value);
    return [{ effect, tenant: level.tenant, subject, item, tell }];
  });
}
