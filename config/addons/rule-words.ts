import type { Addon, AddonKind } from "./addon.js";
import type { FieldForm, FieldRule } from "./field-rule.js";
import { MOST_ACTIONS } from "./template-form.js";

/** The message of a request that breaks a rule: the field, the form that it must have, and the fix. */
export function ruleMessage({ kind }: Pick<AddonKind, "kind">, rule: FieldRule, addon: Pick<Addon, "shared">): string {
  return `${kind}: ${fieldOf(rule)} ${formOf(rule, addon)}: ${fixOf(rule)}`;
}

/** The field of a rule, with the condition under which the rule holds. */
export function fieldOf({ at, when }: FieldRule): string {
  return when === undefined ? at : `${at}, where ${when.at} is ${when.is.join(" or ")},`;
}

/** The form of a field in words. */
export function formOf(rule: FieldForm, { shared }: Pick<Addon, "shared">): string {
  switch (rule.form) {
    case "fields":
      return `may have only the fields ${rule.names.join(", ")}`;
    case "oneOf":
      return `must have ${rule.names.join(" or ")}, because the controller would use its own identity`;
    case "namespace":
      return "must name the object's own namespace";
    case "value":
      return `must be ${rule.of.map((value) => (value === "" ? "empty" : String(value))).join(" or ")}`;
    case "number":
      return rule.least === undefined ? `must be at most ${rule.most}` : `must be ${rule.least} to ${rule.most}`;
    case "size":
      return `must have at most ${rule.most} items or letters`;
    case "duration":
      return `must be ${rule.least} to ${rule.most}, or 0`;
    case "relabelings":
      return "must not join several labels or groups where another one writes one of these labels";
    case "template":
      return `must only put values into texts, at most ${MOST_ACTIONS} times, without loops, definitions and other functions than those of docs/addons.md`;
    case "text":
    case "keys":
      return `must be ${rule.words}`;
    case "reference": {
      const listed = shared.filter((one) => one.startsWith(`${rule.shared}/`));
      const others = listed.length === 0 ? "" : `, or to ${listed.join(", ")}, which the platform shares`;
      return `must refer to ${rule.own.join(" or ")} of this namespace${others}`;
    }
    case "host":
      return "must be a host of the tenant file";
    case "address":
      return rule.of === "public"
        ? "must be the https address of a public host"
        : "must be http:// or https:// with the name of a host, and not that of the API server or a metadata service";
    case "below-namespace":
      return "must begin with the name of this namespace and a slash";
    case "absent":
      return "can lead out of the namespace";
  }
}

/** The remedy for a field that does not have the form. */
function fixOf({ form }: FieldForm): string {
  switch (form) {
    case "fields":
      return "remove all others, which can lead out of the namespace";
    case "oneOf":
      return "set it";
    case "reference":
      return "change it, or ask the platform team to share another (fleet:addons)";
    case "host":
      return "change it, or ask the platform team to add it (hosts)";
    case "below-namespace":
      return "change it, or ask the platform team to move the secret";
    case "namespace":
      return "write its name, or remove it";
    case "absent":
      return "remove it";
    default:
      return "change it, or remove it";
  }
}
