import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { type Fact, type FactFinder, listAt, ofKind, textAt, valueText } from "./facts.js";
import type { Level } from "./levels.js";

/** The arguments of Flux's controllers. Some of them keep tenants apart. */
export const fluxFacts: FactFinder = (plan) => ofKind(plan, "Deployment").filter(isOfFlux).flatMap(argumentFacts);

function isOfFlux(one: PlannedResource): boolean {
  return textAt(one, "metadata", "namespace") === FLUX_NAMESPACE;
}

function argumentFacts(one: PlannedResource): Fact[] {
  const name = textAt(one, "metadata", "name");
  return listAt(one.inputs, "spec", "template", "spec", "containers").flatMap((container) =>
    listAt(container, "args").map((argument): Fact => {
      const text = valueText(argument);
      return {
        id: JSON.stringify(["argument", name, text]),
        kind: "setting",
        subject: `arguments of ${name}`,
        item: phrase`${text}`,
        appear: (items) => phrase`${name} runs with ${items}`,
        disappear: (items) => phrase`${name} runs without ${items}`,
      };
    }),
  );
}

/** The setting of the rights of Flux's controllers. It tells them also where Flux's own objects are not compared. */
export function fluxLevels({ flux }: StackPlan): Level[] {
  const { controllerRights: value } = flux;
  return [
    {
      id: "controller rights",
      value,
      from: () =>
        value === "cluster-admin"
          ? { effect: "gained", item: phrase`controllers of Flux that apply become cluster-admin` }
          : { effect: "lost", item: phrase`controllers of Flux that apply are limited to ${value}` },
    },
  ];
}
