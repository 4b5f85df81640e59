import { EXTRA_COMPONENTS } from "../../config/stack/controllers.js";
import { COMPONENT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { DEFAULT_CONTROLLERS, type FluxController } from "../release/controllers.js";
import { type HardenArgs, invalidSetting, type Step } from "./step.js";

/**
 * The controllers that the settings select: the four default ones and the extra ones, each once.
 * @throws FleetError when an extra one is not supported, or a controller is configured that is not installed
 */
export function selectedControllers({ settings, stack }: HardenArgs): FluxController[] {
  const unknown = settings.extraComponents.find((name) => !EXTRA_COMPONENTS.includes(name));
  if (unknown !== undefined) {
    const fix = `Choose from ${EXTRA_COMPONENTS.join(", ")}`;
    throw invalidSetting(stack, "extraComponents", `${unknown} is no extra component`, fix);
  }
  const selected = [...new Set([...DEFAULT_CONTROLLERS, ...settings.extraComponents])];
  const idle = Object.keys(settings.controllers).find((name) => !selected.some((one) => one === name));
  if (idle !== undefined) {
    const fix = "Remove it, or name it under fleet:extraComponents";
    throw invalidSetting(stack, `controllers.${idle}`, "is configured but not installed", fix);
  }
  return selected;
}

/**
 * Removes the objects of controllers that are not installed: Deployment, service account, Services and CRDs. The
 * release's `component` label names the controller of an object.
 */
export const selectControllers: Step = (objects, { selected, unexpected }) => {
  const names: ReadonlySet<string> = new Set(selected);
  const kept = objects.filter((object) => {
    const component = object.metadata.labels?.[COMPONENT_LABEL];
    if (component !== undefined) return names.has(component);
    if (object.kind !== "Deployment" && object.kind !== "CustomResourceDefinition") return true;
    throw unexpected(object, `lacks the label ${COMPONENT_LABEL}`);
  });
  const existing = kept.map(({ kind, metadata: { name, labels } }) =>
    kind === "CustomResourceDefinition" ? `${kind} of ${labels?.[COMPONENT_LABEL]}` : `${kind} ${name}`,
  );
  const missing = selected
    .flatMap((name) => [`Deployment ${name}`, `ServiceAccount ${name}`, `CustomResourceDefinition of ${name}`])
    .find((needed) => !existing.includes(needed));
  if (missing !== undefined) throw unexpected(missing, "is missing from the manifest");
  return kept;
};
