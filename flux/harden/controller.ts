import { SHARDING_KEY } from "../../lib/kubernetes/shards.js";
import { deploymentName, hasTrait, type Trait } from "../release/controllers.js";
import { type Container, type Deployment, deployments, type PodSpec } from "../release/deployment.js";
import type { Manifest } from "../release/typed-kind.js";
import type { HardenContext, Step } from "./step.js";

/** A controller: its Deployment's only container, its traits, and the stack's settings of it. */
export type Controller = ReturnType<typeof controllerOf>;

/**
 * The controller in every Deployment.
 * @throws FleetError when a Deployment is no selected controller, or has any container beside `manager`
 */
export function controllersOf(objects: Manifest, context: HardenContext): Controller[] {
  return deployments.of(objects).map((deployment) => controllerOf(deployment, context));
}

type Change<Fields> = (controller: Controller, context: HardenContext, objects: Manifest) => Partial<Fields>;

/** A step that replaces fields in the pods of every controller, and throws like {@link controllersOf}. */
export function podStep(change: Change<PodSpec>): Step {
  return (objects, context) =>
    deployments.map(objects, (deployment) => {
      const { template } = deployment.spec;
      const spec = { ...template.spec, ...change(controllerOf(deployment, context), context, objects) };
      return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } };
    });
}

/** A step that replaces fields in the container of every controller, and throws like {@link controllersOf}. */
export function containerStep(change: Change<Container>): Step {
  return podStep((controller, ...inputs) => ({
    containers: [{ ...controller.container, ...change(controller, ...inputs) }],
  }));
}

function controllerOf(deployment: Deployment, context: HardenContext) {
  const unexpected = (message: string) => context.unexpected(deployment, message);
  const shard = deployment.metadata.labels?.[SHARDING_KEY];
  const name = context.selected.find((controller) => deploymentName(controller, shard) === deployment.metadata.name);
  if (name === undefined) throw unexpected(`is none of the selected controllers, ${context.selected.join(", ")}`);
  const { metadata, spec: pod } = deployment.spec.template;
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  const [container] = containers;
  if (container?.name !== "manager" || containers.length > 1) {
    const found = containers.map((one) => one.name).join(", ") || "none";
    throw unexpected(`expected one container, manager, and found ${found}`);
  }
  return {
    name,
    /** The shard whose objects it reconciles. @default - those of no shard */
    shard,
    has: (trait: Trait) => hasTrait(name, trait),
    settings: context.settings.controllers[name],
    podLabels: metadata.labels,
    pod,
    container,
    args: container.args ?? [],
    /** The error for a Deployment that the step cannot harden. */
    unexpected,
  };
}
