import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import {
  CONTROLLER_TRAITS,
  type ControllerTraits,
  type FluxController,
  isFluxController,
} from "../release/controllers.js";
import { asDeployment, type Container, type Deployment } from "../release/deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

/** Changes every Deployment and leaves the other objects alone. */
export function mapDeployments(
  objects: readonly KubernetesObject[],
  change: (deployment: Deployment) => KubernetesObject,
): KubernetesObject[] {
  return objects.map((object) => (object.kind === "Deployment" ? change(asDeployment(object)) : object));
}

/** A controller: its Deployment's only container, and its traits. */
export interface Manager {
  readonly name: FluxController;
  readonly traits: ControllerTraits;
  readonly container: Container;
}

/** Name of the controller's container in every Deployment of Flux. */
const managerName = "manager";

/**
 * The controller in a Deployment.
 * @throws FleetError when the Deployment is no known controller, or has any container beside `manager`
 */
export function managerOf(deployment: Deployment, context: HardenContext, step: string): Manager {
  const { name } = deployment.metadata;
  if (!isFluxController(name)) {
    throw unexpectedManifest(
      context,
      step,
      objectName(deployment),
      "is none of the controllers that the hardening knows",
    );
  }
  const { containers, initContainers = [] } = deployment.spec.template.spec;
  const [only, ...others] = [...containers, ...initContainers];
  if (only?.name !== managerName || others.length > 0) {
    const found = [...containers, ...initContainers].map((one) => one.name).join(", ") || "none";
    throw unexpectedManifest(
      context,
      step,
      objectName(deployment),
      `expected one container, ${managerName}, and found ${found}`,
    );
  }
  return { name, traits: CONTROLLER_TRAITS[name], container: only };
}

/** Changes the controller of every Deployment and leaves everything else alone. */
export function mapManagers(
  objects: readonly KubernetesObject[],
  context: HardenContext,
  step: string,
  change: (manager: Manager, deployment: Deployment) => Container,
): KubernetesObject[] {
  return mapDeployments(objects, (deployment) => {
    const container = change(managerOf(deployment, context, step), deployment);
    const { template } = deployment.spec;
    const spec = { ...template.spec, containers: [container] };
    return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } };
  });
}
