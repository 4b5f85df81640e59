import type { Addon, AddonKind } from "../../config/addons/addon.js";
import { kinds } from "../kinds.js";
import { allVerbs, type PolicyRule, readVerbs } from "./reconciler.js";

/**
 * The rules of an add-on's ClusterRole, which is bound in the namespaces of tenants that use the add-on. Each kind is
 * named: a wildcard would grow with the add-on.
 */
export function addonRules({ kinds }: Pick<Addon, "kinds">): PolicyRule[] {
  return rulesBy(kinds, ({ access }) => (access === "write" ? allVerbs : readVerbs));
}

/** The rules by which people read the objects of add-ons in their tenant's namespaces. */
export function addonViewerRules(addons: readonly Pick<Addon, "kinds">[]): PolicyRule[] {
  return rulesBy(
    addons.flatMap(({ kinds }) => kinds),
    () => readVerbs,
  );
}

/** One rule for all kinds of a group with the same verbs. */
function rulesBy(all: readonly AddonKind[], verbsOf: (kind: AddonKind) => readonly string[]): PolicyRule[] {
  const rules = new Map<string, PolicyRule>();
  for (const kind of all) {
    const verbs = [...verbsOf(kind)];
    const key = `${kind.group} ${verbs.join(" ")}`;
    const resources = rules.get(key)?.resources ?? [];
    rules.set(key, { ...kinds(kind.group, ...resources, kind.plural), verbs });
  }
  return [...rules.values()];
}

/** The most objects of each kind in a namespace, as quotas count them. Kinds without are counted by the tenant's limits. */
export function addonAmounts(addons: readonly Pick<Addon, "kinds">[]): Readonly<Record<string, number>> {
  const counted = addons.flatMap(({ kinds }) => kinds.filter(({ access }) => access === "write"));
  return Object.fromEntries(
    counted.flatMap(({ plural, group, most }) => (most === undefined ? [] : [[`${plural}.${group}`, most]])),
  );
}
