import { z } from "zod";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName, typeOf } from "../../lib/kubernetes/object.js";
import {
  CONTROLLER_TRAITS,
  type ControllerTraits,
  type FluxController,
  isFluxController,
} from "../release/controllers.js";
import { type HardenContext, notFound } from "./step.js";

const quantities = z.record(z.string(), z.union([z.string(), z.number()]));

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).exactOptional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().exactOptional() })).exactOptional(),
  ports: z
    .array(
      z.looseObject({ name: z.string().exactOptional(), containerPort: z.int(), hostPort: z.int().exactOptional() }),
    )
    .exactOptional(),
  resources: z
    .looseObject({ requests: quantities.exactOptional(), limits: quantities.exactOptional() })
    .exactOptional(),
  securityContext: z.looseObject({}).exactOptional(),
});

const podSpec = z.looseObject({
  serviceAccountName: z.string(),
  containers: z.array(container),
  initContainers: z.array(container).exactOptional(),
  volumes: z.array(z.looseObject({ name: z.string() })).exactOptional(),
  securityContext: z.looseObject({}).exactOptional(),
});

const deploymentSpec = z.looseObject({
  template: z.looseObject({
    metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
    spec: podSpec,
  }),
});

/** A container, as far as the hardening reads it; everything else is kept as it is. */
export type Container = z.infer<typeof container>;
/** A pod's spec, as far as the hardening reads it. */
export type PodSpec = z.infer<typeof podSpec>;

/** A Deployment whose spec has been checked to be one. */
export interface Deployment extends KubernetesObject {
  readonly spec: z.infer<typeof deploymentSpec>;
}

/**
 * `object` as a Deployment.
 * @throws FleetError naming the field that no Deployment can have like this
 */
export function asDeployment(object: KubernetesObject): Deployment {
  const result = deploymentSpec.safeParse(object.spec);
  if (typeOf(object) === "apps/v1/Deployment" && result.success) return { ...object, spec: result.data };
  const problems = result.error?.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })) ?? [
    { path: "kind", message: `is ${typeOf(object)} and not apps/v1/Deployment` },
  ];
  throw new FleetError(
    problems.map(({ path, message }) => ({ file: objectName(object), path: `spec.${path}`, message })),
  );
}

/** Changes every Deployment and leaves the other objects alone. */
export function mapDeployments(
  objects: readonly KubernetesObject[],
  change: (deployment: Deployment) => KubernetesObject,
): KubernetesObject[] {
  return objects.map((object) => (object.kind === "Deployment" ? change(asDeployment(object)) : object));
}

/** A controller: its Deployment's only container, and what it is. */
export interface Manager {
  readonly name: FluxController;
  readonly traits: ControllerTraits;
  readonly container: Container;
}

/** Name of the container that is the controller, in every Deployment of Flux. */
const managerName = "manager";

/**
 * The controller in a Deployment.
 * @throws FleetError when the Deployment is no known controller, or has any container beside `manager`
 */
export function managerOf(deployment: Deployment, context: HardenContext, step: string): Manager {
  const { name } = deployment.metadata;
  if (!isFluxController(name)) {
    throw notFound(context, step, objectName(deployment), "is none of the controllers that the hardening knows");
  }
  const { containers, initContainers = [] } = deployment.spec.template.spec;
  const [only, ...others] = [...containers, ...initContainers];
  if (only?.name !== managerName || others.length > 0) {
    const found = [...containers, ...initContainers].map((one) => one.name).join(", ") || "none";
    throw notFound(context, step, objectName(deployment), `expected one container, ${managerName}, and found ${found}`);
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
