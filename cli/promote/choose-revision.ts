import { type FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { type History, inForce, valuesOf } from "../../promotion/history.js";
import { historyIn, type Proof } from "../../promotion/proof.js";
import { isRevision, sourceText } from "../../promotion/ready.js";

/** The revision that a promotion is about: the newest, the one before that of the target, or one that is named. */
export type RevisionChoice =
  | { readonly kind: "newest" }
  | { readonly kind: "back" }
  | { readonly kind: "named"; readonly text: string };

/** A source of the predecessor, and the place of its revision in the files of the target. */
export interface RevisionArgs {
  /** Name of the predecessor. */
  readonly stack: string;
  readonly proved: Proof;
  /** Name of the source in the record of `fleet wait`. */
  readonly name: string;
  /** Commit or tag that the target pins. @default - none */
  readonly current: string | undefined;
  readonly file: string;
  readonly path: string;
}

/**
 * The revision of a source to promote: only one that was Ready on the predecessor.
 * @throws FleetError when there is none
 */
export function chooseRevision(choice: RevisionChoice, args: RevisionArgs): string {
  const history = historyIn(args.proved.ready?.revisions ?? {}, args.name);
  const recorded = valuesOf(history);
  if (recorded.length === 0) {
    throw refusal(args, `was never Ready on the stack ${args.stack}`, `Run npx fleet wait ${args.stack} first`);
  }
  if (choice.kind === "newest") return newest(history, args);
  if (choice.kind === "named") return named(recorded, choice.text, args);
  return before(recorded, args);
}

function newest(history: History, args: RevisionArgs): string {
  const reason = new Map(Object.entries(args.proved.ready?.waiting ?? {})).get(args.name);
  const revision = inForce(history)?.value;
  if (reason === undefined && revision !== undefined) return revision;
  const message = `was not Ready on the stack ${args.stack} when npx fleet wait looked: ${reason}`;
  throw refusal(
    args,
    message,
    "Correct it there first, and run npx fleet wait again. An older one: --back, or --revision",
  );
}

function named(recorded: readonly string[], text: string, args: RevisionArgs): string {
  const found = recorded.filter((revision) => isRevision(revision, text) || isStartOfCommit(revision, text));
  const [one, ...others] = found;
  if (one !== undefined && others.length === 0) return one;
  const what = one === undefined ? "is no revision" : "is the start of more than one revision";
  throw refusal(args, `${JSON.stringify(text)} ${what} that was Ready on the stack ${args.stack}`, known(recorded));
}

/** Git itself takes no fewer digits for a commit. */
function isStartOfCommit(revision: string, text: string): boolean {
  return /^[0-9a-f]{7,39}$/.test(text) && revision.includes(`sha1:${text}`);
}

function before(recorded: readonly string[], args: RevisionArgs): string {
  const { current, stack } = args;
  if (current === undefined) {
    throw refusal(args, "names no commit or tag, so there is none before it", known(recorded));
  }
  const index = recorded.findIndex((revision) => isRevision(revision, current));
  const earlier = index < 0 ? undefined : recorded[index + 1];
  if (earlier !== undefined) return earlier;
  const message =
    index < 0
      ? `is ${current}, which is not in the record of the stack`
      : `is ${current}, the first in the record of the stack`;
  throw refusal(args, `${message} ${stack}`, known(recorded));
}

function known(recorded: readonly string[]): string {
  return `Those that were, the newest first: ${recorded.join(", ")}`;
}

function refusal({ name, file, path }: RevisionArgs, message: string, fix: string): FleetError {
  return fleetError(file, path, `${sourceText(name)}: ${message}`, fix);
}
