import { type Addon, type AddonKind, addonPolicy } from "../../../config/addons/addon.js";
import { ruleMessage } from "../../../config/addons/rule-words.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { SHARED_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { kinds } from "../../kinds.js";
import { canaries } from "../canaries.js";
import { annotationsField, isNewOrChanges } from "../cel/cel.js";
import { createOrUpdate, type PolicyDefinition, type Validation } from "../cel/policy.js";
import { notThePlatform } from "../cel/principals.js";
import { listedHosts } from "../hosts.js";
import { type FieldSettings, keepsRule } from "./field-checks.js";

type Spec = Pick<FleetSpec, "platform" | "admission">;

/** The policies of the add-ons that a stack offers: one for each add-on with rules, whatever the number of tenants. */
export function addonPolicies({ platform, admission }: Spec): PolicyDefinition[] {
  return platform.addons.flatMap((addon) => {
    // Flagger's rules are older than add-ons.
    if (addon.name === "flagger") return [canaries];
    const definition = policyOf(addon, admission);
    return definition.validations.length === 0 ? [] : [definition];
  });
}

/**
 * The policy on the objects of an add-on, from the add-on's data: their fields stay in the namespace. It holds for
 * controllers as well, which create such objects for tenants, and not for the platform.
 */
function policyOf(addon: Addon, { hosts }: Pick<Spec["admission"], "hosts">): PolicyDefinition {
  const all = hosts === "listed" ? addon.kinds : addon.kinds.map(withoutHosts);
  const checked = all.filter(({ rules }) => rules.length > 0);
  const resources = [...new Set(checked.map(({ group }) => group))].map((group) =>
    kinds(group, ...checked.filter((kind) => kind.group === group).map(({ plural }) => plural)),
  );
  return {
    name: addonPolicy(addon),
    ...(addon.shared.length > 0 && { annotations: { [SHARED_ANNOTATION]: addon.shared.join(",") } }),
    resourceRules: createOrUpdate(...resources),
    matchConditions: { "spec-or-annotations-change": isNewOrChanges("?spec", annotationsField), ...notThePlatform },
    variables: {
      resource: "request.resource.group + '/' + request.resource.resource",
      ...(checked.some(({ rules }) => rules.some(({ form }) => form === "host")) && { listed: listedHosts }),
    },
    validations: checked.flatMap((kind) => kind.rules.map((rule) => validationOf(kind, rule, addon))),
  };
}

/** A kind on a stack whose tenants serve any host. */
function withoutHosts(kind: AddonKind): AddonKind {
  return { ...kind, rules: kind.rules.filter(({ form }) => form !== "host") };
}

function validationOf(kind: AddonKind, rule: AddonKind["rules"][number], settings: FieldSettings): Validation {
  return {
    expression: `variables.resource != '${kind.group}/${kind.plural}' || ${keepsRule(rule, settings)}`,
    message: ruleMessage(kind, rule, settings),
  };
}
