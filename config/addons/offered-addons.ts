import type { StackConfig } from "../stack/schema.js";
import { type Addon, addonNames, kindsOf } from "./addon.js";
import { KNOWN_ADDONS, knownAddon } from "./known-addons.js";
import { ownRules } from "./own-rules.js";

type Settings = Pick<StackConfig, "addons" | "offers">;

/** The names of the add-ons that a stack offers. `fleet:offers` is the former setting for Flagger. */
export function offeredNames({ addons, offers }: Settings): string[] {
  return [...new Set([...Object.keys(addons), ...offers])].sort();
}

/** The add-ons that a stack offers, by name, with all that the program needs to know of each. */
export function offeredAddons(settings: Settings): Addon[] {
  return offeredNames(settings).map((name) => {
    const { shared = [], most = {}, group = "", version = "", purpose = "", kinds = [] } = settings.addons[name] ?? {};
    const known = KNOWN_ADDONS.get(name);
    if (known !== undefined) return knownAddon(known, { shared, most });
    const own = kinds.map((kind) => ({ ...kind, rules: ownRules(kind) }));
    return { ...addonNames(name), purpose, kinds: kindsOf(group, version, ...own), shared: [] };
  });
}
