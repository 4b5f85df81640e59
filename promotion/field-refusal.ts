import type { Problem } from "../lib/diagnostics/problem.js";
import type { Part } from "./content.js";
import { type FieldHistories, readFields, readySince, WHOLE_TENANT } from "./field-record.js";
import { inForce, ranFor } from "./history.js";
import type { MergedTenant, SharedField } from "./merged-tenant.js";
import { historyIn, historyOf, type Proof } from "./proof.js";
import { type RefusalArgs, youngerThanSoak } from "./refusal.js";

/** The predecessor, the rules of the stack, and the content that the stack itself runs. */
export interface FieldArgs extends RefusalArgs {
  /** The proof of the stack itself. */
  readonly own: Proof | undefined;
  /** Whether the files and settings are those that the stack runs. */
  readonly areFilesSame: boolean;
  /** Whether the tenant's base file is refused already. */
  readonly isRefused: boolean;
}

/** A field with the value that the stack would get. */
interface Wanted extends SharedField {
  readonly digest: string;
}

/** A field with the time for which the predecessor has run its value. */
interface Ran extends Wanted {
  /** In milliseconds. Undefined when it never did. */
  readonly ran: number | undefined;
}

/**
 * The problems of a tenant's merged values. A value of a shared file has been tried only where it was in force: files of the
 * predecessor alone may replace it there. The stack's own defaults and overlay are its own choice.
 */
export function fieldProblems(part: Part, args: FieldArgs): Problem[] {
  const { merged, name } = part;
  const { proved, now, isRefused } = args;
  if (merged === undefined) return [];
  const wanted = changedFields(part, merged, args);
  // The whole file is refused then, and the record is of another one.
  const hasRun = ranFor(historyOf(proved, part), part.value, now) !== undefined;
  if (wanted.length === 0 || (isRefused && !hasRun)) return [];
  const histories = readFields(historyIn(proved.fields, name));
  if (histories.size === 0) return [olderForm(part, args)];
  const all = wanted.map((field): Ran => {
    return { ...field, ran: ranFor(histories.get(field.name) ?? {}, field.digest, now) };
  });
  const never = all.filter(({ ran }) => ran === undefined).map((field) => neverRun(field, name, args));
  if (isRefused) return never;
  return [...never, ...tooEarly(all, { tenant: name, histories }, args)];
}

/**
 * The fields that the stack does not run with these values yet, and that none of its own files decides: those of shared
 * files, and those that a shared file set before. A stack whose own proof has no fields runs them if no file changed. If one
 * did, the record of the predecessor says which fields a shared file set before.
 */
function changedFields(part: Part, merged: MergedTenant, args: FieldArgs): readonly Wanted[] {
  const { own, proved, areFilesSame } = args;
  const histories = readFields(historyIn(own?.fields ?? {}, part.name));
  if (histories.size === 0 && areFilesSame) return [];
  const known = new Set([WHOLE_TENANT, ...merged.shared.map(({ name }) => name)]);
  const recorded = histories.size === 0 ? readFields(historyIn(proved.fields, part.name)) : histories;
  const givenUp = [...recorded.keys()].filter((name) => !known.has(name)).map((name) => ({ name, file: part.file }));
  return [...merged.shared, ...givenUp]
    .filter(({ name }) => !merged.isOwn(name))
    .map((field) => ({ ...field, digest: merged.digestAt(field.name) }))
    .filter(({ name, digest }) => inForce(histories.get(name) ?? {})?.value !== digest);
}

/** Fails closed: an older record has base files only, and not which of their values counted. */
function olderForm({ file, name, path }: Part, { stack }: FieldArgs): Problem {
  const message = `the record of the stack ${stack} is of an older form, without the merged values of the tenant ${name}`;
  return { file, path, message, fix: `Run pulumi up on the stack ${stack} with this version of the program` };
}

function neverRun({ name, file, line }: Ran, tenant: string, { stack, target }: FieldArgs): Problem {
  const message = `the stack ${stack} has never run the tenant ${tenant} with this value: its own files have another one there`;
  const [there, here] = [stack, target].map((one) => `stacks/${one}/tenants/${tenant}.yaml`);
  const fix = `Remove the other one from ${there} or stacks/${stack}/defaults.yaml, and run pulumi up on ${stack}. Or choose the value for ${target} alone, in ${here}`;
  return { file, line, path: name, message, fix };
}

/** The problems of values that the predecessor has run, but not for long enough, or never Ready. */
function tooEarly(
  all: readonly Ran[],
  { tenant, histories }: { readonly tenant: string; readonly histories: FieldHistories },
  args: FieldArgs,
): Problem[] {
  const { stack, proved, promotion, now } = args;
  const ran = all.flatMap((field) => (field.ran === undefined ? [] : [{ ...field, ran: field.ran }]));
  const looks = historyIn(proved.ready?.fields ?? {}, tenant);
  const lengths = ran.map((field) => {
    if (promotion.needs === "applied") return field;
    const since = readySince(looks, histories.get(field.name) ?? {}, field.digest);
    return { ...field, ran: since === undefined ? undefined : Math.max(0, Math.min(field.ran, now - since)) };
  });
  const notReady = lengths.filter((field) => field.ran === undefined);
  const young = lengths.filter((field) => {
    return field.ran !== undefined && youngerThanSoak("", field.ran, args) !== undefined;
  });
  const shortest = Math.min(...young.map((field) => field.ran ?? 0));
  return [
    ...together(notReady, tenant, (words) => {
      const message = `the stack ${stack} has applied ${words}, and was never Ready with it`;
      return { message, fix: `Run npx fleet wait ${stack}, and correct first what it names` };
    }),
    ...together(young, tenant, (words) => youngerThanSoak(words, shortest, args)),
  ];
}

/** One problem for several fields, at the place of the first. */
function together(
  fields: readonly SharedField[],
  tenant: string,
  refusal: (words: string) => Pick<Problem, "message" | "fix"> | undefined,
): Problem[] {
  const [first] = fields;
  const names = fields.map(({ name }) => name).join(", ");
  const found = first && refusal(`the tenant ${tenant} with this value of ${names}`);
  return first && found ? [{ file: first.file, line: first.line, path: first.name, ...found }] : [];
}
