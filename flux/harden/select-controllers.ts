import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { COMPONENT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import {
  DEFAULT_CONTROLLERS,
  EXTRA_CONTROLLERS,
  type FluxController,
  isFluxController,
} from "../release/controllers.js";
import { type HardenContext, invalidSetting, unexpectedManifest } from "./step.js";

const step = "select-controllers";

/**
 * The controllers that the settings select: the four default ones and the extra ones, each once.
 * @throws FleetError when an extra one is not supported, or a controller is configured that is not installed
 */
export function selectedControllers(context: Omit<HardenContext, "selected">): FluxController[] {
  const known: ReadonlySet<string> = new Set(EXTRA_CONTROLLERS);
  const full: HardenContext = { ...context, selected: [] };
  const requested: readonly string[] = context.settings.extraComponents;
  const extra = requested.map((name) => {
    if (known.has(name) && isFluxController(name)) return name;
    throw invalidSetting(
      full,
      "extraComponents",
      `${name} is no extra component`,
      `Choose from ${[...known].join(", ")}`,
    );
  });
  const selected = [...new Set([...DEFAULT_CONTROLLERS, ...extra])];
  const names: ReadonlySet<string> = new Set(selected);
  for (const name of Object.keys(context.settings.controllers)) {
    if (names.has(name)) continue;
    throw invalidSetting(
      full,
      `controllers.${name}`,
      "is configured but not installed",
      "Remove it, or name it under fleet:extraComponents",
    );
  }
  return selected;
}

/**
 * Removes the objects of controllers that are not installed: Deployment, service account, Services and CRDs.
 *
 * The release's `component` label names the controller of an object.
 */
export function selectControllers(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const selected: ReadonlySet<string> = new Set(context.selected);
  const kept = objects.filter((object) => {
    const component = object.metadata.labels?.[COMPONENT_LABEL];
    if (component === undefined && (object.kind === "Deployment" || object.kind === "CustomResourceDefinition")) {
      throw unexpectedManifest(context, step, objectName(object), `lacks the label ${COMPONENT_LABEL}`);
    }
    return component === undefined || selected.has(component);
  });
  for (const controller of context.selected) {
    for (const kind of ["Deployment", "ServiceAccount"]) {
      if (!kept.some((object) => object.kind === kind && object.metadata.name === controller)) {
        throw unexpectedManifest(context, step, `${kind} ${controller}`, "is missing from the manifest");
      }
    }
    const crds = kept.filter(({ kind, metadata }) => {
      return kind === "CustomResourceDefinition" && metadata.labels?.[COMPONENT_LABEL] === controller;
    });
    if (crds.length === 0) {
      throw unexpectedManifest(
        context,
        step,
        `CustomResourceDefinition of ${controller}`,
        "is missing from the manifest",
      );
    }
  }
  return kept;
}
