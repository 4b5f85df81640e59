import { SHARED_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { type Fact, type FactFinder, fieldAt, listAt, mapAt, ofKind, textAt, valueText } from "./facts.js";
import type { Level } from "./levels.js";

/** The admission policies. */
export const admissionFacts: FactFinder = (plan) => [
  ...ofKind(plan, "ValidatingAdmissionPolicyBinding").map(policyInForce),
  ...ofKind(plan, "ValidatingAdmissionPolicy").flatMap(sharedObjects),
];

/** Objects outside of their namespaces that tenants may refer to, by the kinds of an add-on. */
function sharedObjects(policy: PlannedResource): Fact[] {
  const name = textAt(policy, "metadata", "name");
  const shared = valueText(mapAt(policy.inputs, "metadata", "annotations")[SHARED_ANNOTATION]);
  return shared
    .split(",")
    .filter((object) => object !== "")
    .map((object): Fact => {
      return {
        id: JSON.stringify(["shared", name, object]),
        tenant: policy.tenant,
        kind: "right",
        subject: "shared objects",
        item: phrase`${object}`,
        appear: (objects) => phrase`tenants may now refer to ${objects}`,
        disappear: (objects) => phrase`tenants may no longer refer to ${objects}`,
      };
    });
}

/** A policy restricts as long as a binding exists. */
function policyInForce(binding: PlannedResource): Fact {
  const policy = textAt(binding, "spec", "policyName");
  return {
    id: JSON.stringify(["admission", policy]),
    tenant: binding.tenant,
    kind: "restriction",
    subject: "admission policies",
    item: phrase`${policy}`,
    appear: (policies) => phrase`admission policies added: ${policies}`,
    disappear: (policies) => phrase`admission policies removed: ${policies}`,
  };
}

/** The rules of admission policies, and whether these refuse or only report. */
export function admissionLevels(plan: StackPlan): Level[] {
  return [
    ...ofKind(plan, "ValidatingAdmissionPolicy").map(rules),
    ...ofKind(plan, "ValidatingAdmissionPolicyBinding").flatMap((binding) => [action(binding), scope(binding)]),
  ];
}

function rules(policy: PlannedResource): Level {
  const name = textAt(policy, "metadata", "name");
  return {
    id: JSON.stringify(["rules", name]),
    tenant: policy.tenant,
    value: valueText(policy.inputs.spec),
    from: () => ({
      effect: "changed",
      subject: "rules of admission policies",
      item: phrase`${name}`,
      tell: (policies) => phrase`admission policies with other rules: ${policies}`,
    }),
  };
}

function action(binding: PlannedResource): Level {
  const policy = textAt(binding, "spec", "policyName");
  const actions = listAt(binding.inputs, "spec", "validationActions").map(valueText);
  const denies = actions.includes("Deny");
  return {
    id: JSON.stringify(["action", policy]),
    tenant: binding.tenant,
    value: actions.join(", "),
    from: (before) => {
      const shared = { subject: `action ${before} ${actions}`, item: phrase`${policy}` };
      if (before.split(", ").includes("Deny") === denies) {
        return { ...shared, effect: "changed", tell: (names) => phrase`actions of admission policies: ${names}` };
      }
      return denies
        ? { ...shared, effect: "lost", tell: (names) => phrase`admission policies now refuse: ${names}` }
        : {
            ...shared,
            effect: "gained",
            tell: (names) => phrase`admission policies refuse nothing any more: ${names}`,
          };
    },
  };
}

/** Everything of a binding but its actions: the policy's parameters, and the objects that it is limited to. */
function scope(binding: PlannedResource): Level {
  const policy = textAt(binding, "spec", "policyName");
  const parts = ["paramRef", "matchResources"].map((key) => fieldAt(binding.inputs, "spec", key) ?? null);
  return {
    id: JSON.stringify(["scope", policy]),
    tenant: binding.tenant,
    value: valueText(parts),
    from: () => ({
      effect: "changed",
      subject: "scope of admission policies",
      item: phrase`${policy}`,
      tell: (policies) => phrase`admission policies for other objects: ${policies}`,
    }),
  };
}
