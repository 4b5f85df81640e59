import { lastChange } from "./field-record.js";
import { type History, inForce } from "./history.js";
import { historyIn, type Proof } from "./proof.js";
import type { ReadyLook } from "./ready.js";

/** Tenants that a change of a shared part may have broken. */
export interface SharedBreak {
  /** Their names. Empty when no shared part is under suspicion. */
  readonly tenants: readonly string[];
  /** The shared parts that came since the stack was Ready, in words. */
  readonly parts: readonly string[];
}

/** A change since the stack, or a tenant, was Ready. */
interface Change {
  readonly words: string;
  /** Time of its update. */
  readonly since: string;
}

/**
 * The tenants that are not Ready although nothing of their own changed since they were, while a shared part did. A tenant that a
 * look before that change found broken is not among them: the change did not break it. Whether a push of the tenant's own
 * broke it in the same time is unknown, so it counts.
 * @param proved the proof before the look
 */
export function brokenByShared(proved: Proof, waiting: ReadyLook["waiting"]): SharedBreak {
  const changes = sharedChanges(proved);
  const found = brokenTenants(waiting).flatMap((tenant) => {
    const first = new Map(Object.entries(proved.ready?.broken ?? {})).get(tenant);
    // Clocks differ between machines, so times count only where a look has found the tenant broken before.
    const came = ({ since }: Change) => first === undefined || since <= first;
    const shared = changes.filter(came);
    return shared.length === 0 || ownChanges(proved, tenant).some(came) ? [] : [{ tenant, shared }];
  });
  return {
    tenants: found.map(({ tenant }) => tenant),
    parts: [...new Set(found.flatMap(({ shared }) => shared.map(({ words }) => words)))],
  };
}

/** The tenants with a sync that is not Ready. The platform's source has no sync in its name. */
export function brokenTenants(waiting: ReadyLook["waiting"]): readonly string[] {
  const names = Object.keys(waiting).filter((name) => name.includes("/"));
  return [...new Set(names.map((name) => name.slice(0, name.indexOf("/"))))];
}

function sharedChanges({ flux, program, settings, charts, removed = {}, ready }: Proof): readonly Change[] {
  const gone = Object.entries(removed).filter(([name, since]) => {
    const seen = new Map(Object.entries(ready?.removed ?? {})).get(name);
    return name.startsWith("chart ") && (seen === undefined || seen < since);
  });
  return [
    ...changeOf("Flux", flux, ready?.flux),
    ...changeOf("the program", program, ready?.program),
    // The record of an older version has no settings.
    ...(ready?.settings === undefined ? [] : changeOf("the settings of the stack", settings, ready.settings)),
    ...Object.entries(charts).flatMap(([name, chart]) => changeOf(name, chart, historyIn(ready?.charts ?? {}, name))),
    ...gone.map(([name, since]) => ({ words: `the removal of ${name.slice("chart ".length)}`, since })),
  ];
}

function ownChanges({ tenants, fields, ready }: Proof, tenant: string): readonly Change[] {
  const base = changeOf(tenant, historyIn(tenants, tenant), historyIn(ready?.tenants ?? {}, tenant));
  const since = lastChange(historyIn(fields, tenant));
  const seen = inForce(historyIn(ready?.fields ?? {}, tenant))?.value;
  return since === undefined || since === seen ? base : [...base, { words: tenant, since }];
}

function changeOf(words: string, current: History, seen: History = {}): readonly Change[] {
  const now = inForce(current);
  return now === undefined || inForce(seen)?.value === now.value ? [] : [{ words, since: now.since }];
}
