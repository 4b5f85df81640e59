import { type History, inForce, withValue } from "./history.js";
import type { MergedTenant } from "./merged-tenant.js";

/** Name that stands for the whole tenant instead of a field. */
export const WHOLE_TENANT = "";

/** The histories of a tenant's fields by their name, and of the whole tenant. Values are digests. */
export type FieldHistories = ReadonlyMap<string, History>;

/** Fields that a record keeps after no shared file sets them any more. */
const mostGivenUp = 50;

/**
 * The histories in a record. A record has one text for each time at which fields changed: `limits.cpu=… limits.pods=…`.
 * So a tenant without changes has one line in the outputs of its stack.
 */
export function readFields(record: History): FieldHistories {
  const histories = new Map<string, History>();
  for (const [since, text] of Object.entries(record)) {
    for (const entry of text.split(" ")) {
      const cut = entry.lastIndexOf("=");
      if (cut < 0) continue;
      const name = decodeURIComponent(entry.slice(0, cut));
      histories.set(name, { ...histories.get(name), [since]: entry.slice(cut + 1) });
    }
  }
  return histories;
}

/** The record of histories. It is the inverse of {@link readFields}. */
export function writeFields(histories: FieldHistories): History {
  const entries = [...histories].flatMap(([name, history]) =>
    Object.entries(history).map(([since, digest]) => [since, `${written(name)}=${digest}`] as const),
  );
  const times = [...new Set(entries.map(([since]) => since))].sort();
  const entriesAt = (time: string) => entries.flatMap(([since, entry]) => (since === time ? [entry] : []));
  return Object.fromEntries(times.map((time) => [time, entriesAt(time).sort().join(" ")]));
}

/** A name without the characters that separate entries. */
function written(name: string): string {
  return name.replaceAll(/[%\s]/g, (character) => encodeURIComponent(character));
}

/**
 * The record after an update. It equals the one before if no field changed. It keeps fields that no shared file sets any
 * more: their defaults are new to a stack, and the next one asks for them.
 * @param now in milliseconds since 1970
 */
export function nextFields(before: History, merged: MergedTenant, now: number): History {
  const histories = readFields(before);
  const current = [WHOLE_TENANT, ...merged.shared.map(({ name }) => name)];
  const known = new Set(current);
  const changedAt = (name: string) => inForce(histories.get(name) ?? {})?.since ?? "";
  const givenUp = [...histories.keys()]
    .filter((name) => !known.has(name))
    .sort((a, b) => (changedAt(a) > changedAt(b) ? -1 : 1))
    .slice(0, mostGivenUp);
  const next = [...current, ...givenUp].map((name) => {
    return [name, withValue(histories.get(name) ?? {}, merged.digestAt(name), now)] as const;
  });
  return writeFields(new Map(next));
}

/** The time of the last change in a record. Undefined for an empty one, which an older version of the program wrote. */
export function lastChange(record: History): string | undefined {
  return inForce(record)?.since;
}

/** The time from which a field had a value at a look, in milliseconds since 1970. Undefined when it never had at one. */
export function readySince(looks: History, history: History, digest: string): number | undefined {
  const first = Object.entries(looks)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .find(([, asOf]) => valueAsOf(history, asOf) === digest);
  return first && Date.parse(first[0]);
}

/** The value of a history at a time. */
function valueAsOf(history: History, time: string): string | undefined {
  return inForce(Object.fromEntries(Object.entries(history).filter(([since]) => since <= time)))?.value;
}
