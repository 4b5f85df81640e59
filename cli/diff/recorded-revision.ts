import type { StackPlan } from "../../review/planned-resource.js";
import type { NamedGitHub } from "../../review/record/assumed-github.js";

/** The request to a recording process. */
export interface RecordRequest {
  /** Stacks to record. @default - all stacks of the revision */
  readonly stacks?: readonly string[] | undefined;
  /** Key of the marks of secrets, the same for both revisions. */
  readonly secretKey: string;
  /** Directory with Flux's manifests. @default - they are fetched */
  readonly manifests?: string | undefined;
  /** Whether Flux's own objects are left out. */
  readonly withoutFlux: boolean;
  /** The GitHub that the environment of an update names. @default - GitHub itself */
  readonly gitHub?: NamedGitHub | undefined;
}

/** A stack of a revision: its plan, or the problems that keep it from having one. */
export type RecordedStack =
  | { readonly stack: string; readonly plan: StackPlan }
  | { readonly stack: string; readonly problems: readonly string[] };

/** Number of the form of {@link RecordedRevision}. It changes with every change that older code cannot read. */
export const RECORD_FORMAT = 1;

/** The stacks of one revision, as the program of that revision registers them. */
export interface RecordedRevision {
  readonly format: number;
  /** Every stack of the revision. */
  readonly stacks: readonly string[];
  readonly recorded: readonly RecordedStack[];
}
