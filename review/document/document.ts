import type { Effect } from "../findings/finding.js";
import type { Phrase } from "../phrase.js";

/** A stack, and the tenant on it unless it is the platform. */
export interface Target {
  readonly stack: string;
  readonly tenant?: string | undefined;
}

/** A changed field as people read it. An absent value is undefined. */
export interface FieldText {
  readonly path: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** The effect of an entry: of a consequence, what a rule says of it, or that the program warns of it. */
export type EntryEffect = Effect | "refused" | "advised" | "accepted" | "warning";

/** One consequence or one changed object, once for all stacks and tenants that have it. */
export interface Entry {
  readonly section: SectionName;
  readonly effect?: EntryEffect | undefined;
  readonly sentence: Phrase;
  /** Sorted. More than one, if the same change has the same consequence for each. None for a change of the program. */
  readonly targets: readonly Target[];
  /** Further sentences, which printers fold away. */
  readonly details: readonly Phrase[];
  /** Changed fields, which printers fold away. */
  readonly fields: readonly FieldText[];
}

/** The sections of the document, the most important first. */
export const sectionNames = ["rules", "program", "losses", "warnings", "privileges", "tenants", "platform"] as const;
/** A section of the document. */
export type SectionName = (typeof sectionNames)[number];

/** The parts that were left out of a document, so that it fits. */
export interface Cut {
  readonly section: SectionName;
  /** Entries that are missing. */
  readonly entries: number;
  /** Entries without their details and fields. */
  readonly folded: number;
}

/** Everything that a reviewer reads about a change, before it is printed. */
export interface ReviewDocument {
  /** The two revisions: `origin/main (0123abc)`. */
  readonly base: string;
  readonly head: string;
  /** Stacks that were compared, sorted. */
  readonly stacks: readonly string[];
  /** Sentences about the comparison that a reader must know. */
  readonly notes: readonly Phrase[];
  readonly entries: readonly Entry[];
  readonly cuts: readonly Cut[];
}

/** Stands for the name of the tenant, in an entry about several. */
export const TENANT_PLACEHOLDER = "TENANT";

/** Order of texts by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
