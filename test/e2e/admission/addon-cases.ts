import type { Addon } from "../../../config/addons/addon.js";
import { ruleMessage } from "../../../config/addons/rule-words.js";
import { object } from "../../support/objects/object.js";
import { addonAttacks } from "./addon-attacks.js";
import { allowedAddonObjects } from "./addon-objects.js";
import type { AddonAttack } from "./addons/addon-attack.js";
import { allowed, type Case, type Place } from "./cases.js";

/** The rules that an attack breaks. */
export function brokenRules({ kind, at, form }: AddonAttack, addons: readonly Addon[]): readonly string[] {
  return addons.flatMap((addon) =>
    addon.kinds
      .filter((one) => one.kind === kind)
      .flatMap((one) =>
        one.rules
          .filter((rule) => rule.at === at && (form === undefined || rule.form === form))
          .map((rule) => ruleMessage(one, rule, addon)),
      ),
  );
}

/** Cases of one add-on: each rule with an object that breaks it, and legitimate objects of each kind. */
export function addonCases(addon: Addon, place: Place): Case[] {
  const kinds: readonly string[] = addon.kinds.map(({ kind }) => kind);
  const attacks = addonAttacks.filter(({ kind }) => kinds.includes(kind));
  return [
    ...attacks.map(({ kind, at, form, spec, annotations }, index): Case => {
      const messages = brokenRules({ kind, at, ...(form && { form }), spec }, [addon]);
      return {
        title: `a ${kind} that breaks ${at}${form === undefined ? "" : ` (${form})`}, ${index}`,
        object: object(kind, { ...place, ...(annotations && { annotations }) }, { spec }),
        refused: new RegExp(messages.map(escaped).join("|")),
      };
    }),
    ...allowed(
      Object.fromEntries(
        allowedAddonObjects(place)
          .filter(([, { kind }]) => kinds.includes(kind))
          .map(([title, legitimate]) => [title, legitimate] as const),
      ),
    ),
  ];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
