import { groupBy } from "../../lib/data/group-by.js";
import type { Phrase } from "../phrase.js";
import { compareText, type Entry, type FieldText, type Target, TENANT_PLACEHOLDER } from "./document.js";

/** Names that stand for a tenant in its objects: its own and those of its namespaces. */
export type TenantNames = ReadonlyMap<string, readonly string[]>;

/**
 * Joins the entries that are equal for several stacks or tenants: one line of a base file then has one entry. In an entry
 * about several tenants, a placeholder stands for their names.
 */
export function mergeEntries(entries: readonly Entry[], names: TenantNames): Entry[] {
  const counts = new Map<string, number>();
  const general = entries.map((entry) => {
    const { targets, ...content } = withPlaceholder(entry, names);
    // Two entries of one tenant stay two, also if only names differ that the placeholder replaces.
    const [key, place] = [JSON.stringify(content), JSON.stringify([content, targets])];
    const count = counts.get(place) ?? 0;
    counts.set(place, count + 1);
    return { entry, general: { ...content, targets }, key: `${count} ${key}` };
  });
  const groups = groupBy(general, ({ key }) => key);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const targets = distinct(group.flatMap(({ entry }) => entry.targets));
    const tenants = new Set(targets.map(({ tenant }) => tenant));
    return [{ ...(tenants.size > 1 ? first.general : first.entry), targets }];
  });
}

function distinct(targets: readonly Target[]): Target[] {
  const byKey = new Map(targets.map((target) => [targetKey(target), target]));
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, target]) => target);
}

function targetKey({ stack, tenant = "" }: Target): string {
  return `${tenant} ${stack}`;
}

function withPlaceholder(entry: Entry, names: TenantNames): Entry {
  const tenants = new Set(entry.targets.map(({ tenant }) => tenant));
  const [tenant] = tenants;
  const own = tenant === undefined ? [] : (names.get(tenant) ?? [tenant]);
  // A value that reads like the placeholder would pass for the name of each tenant.
  const isAmbiguous = JSON.stringify(entry).includes(TENANT_PLACEHOLDER);
  if (own.length === 0 || tenants.size > 1 || isAmbiguous) return entry;
  const longestFirst = [...own].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${longestFirst.map(escaped).join("|")})(?![A-Za-z0-9])`, "g");
  const general = (text: string) => text.replace(pattern, TENANT_PLACEHOLDER);
  const ofPhrase = (phrase: Phrase): Phrase =>
    phrase.map((part) => (typeof part === "string" ? part : { code: general(part.code) }));
  const ofField = ({ path, before, after }: FieldText): FieldText => {
    return { path: general(path), before: before && general(before), after: after && general(after) };
  };
  return {
    ...entry,
    sentence: ofPhrase(entry.sentence),
    details: entry.details.map(ofPhrase),
    fields: entry.fields.map(ofField),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
