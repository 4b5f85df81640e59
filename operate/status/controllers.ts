import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { DEFAULT_CONTROLLERS, deploymentName, hasTrait } from "../../flux/release/controllers.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE, PART_OF_LABEL, VERSION_LABEL } from "../../lib/kubernetes/ownership-labels.js";

/** The state of one controller of Flux. */
export interface ControllerStatus {
  readonly name: string;
  readonly ready: boolean;
  /** Version of Flux that its label names. @default - it names none */
  readonly version?: string;
  /** Why it is not Ready. @default - it is */
  readonly message?: string;
}

const deployment = z.object({
  spec: z.object({ replicas: z.number().default(1) }),
  status: z
    .object({
      availableReplicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      observedGeneration: z.number().default(0),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().default("") }))
        .default([]),
    })
    .default({ availableReplicas: 0, updatedReplicas: 0, observedGeneration: 0, conditions: [] }),
});

/** The names of the Deployments of a stack's controllers, those of shards among them. */
export function controllerNames({ extraComponents, shards }: FleetSpec["flux"]): readonly string[] {
  const all = [...DEFAULT_CONTROLLERS, ...extraComponents];
  const inShards = all.filter((name) => hasTrait(name, "runsInShards"));
  return [...all, ...shards.flatMap((shard) => inShards.map((name) => deploymentName(name, shard)))];
}

/**
 * The controllers that a stack has, by name: those among the Deployments of Flux's namespace, and those that are missing there.
 * Anything may carry the labels of a controller, so a Deployment of another name is none.
 * @param expected names of the controllers that the stack has
 */
export function controllerStatuses(
  deployments: readonly LiveObject[],
  expected: readonly string[],
): readonly ControllerStatus[] {
  const found = deployments.filter(({ metadata }) => expected.includes(metadata.name)).map(controllerStatus);
  const missing = expected.filter((name) => found.every((one) => one.name !== name));
  const lost = missing.map((name) => ({ name, ready: false, message: "does not exist" }));
  return [...found, ...lost].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The Deployments of Flux's namespace that are labelled as Flux's, and are none of a stack's controllers, by name. */
export function foreignControllers(deployments: readonly LiveObject[], expected: readonly string[]): readonly string[] {
  return deployments
    .filter(({ metadata: { name, labels } }) => labels[PART_OF_LABEL] === "flux" && !expected.includes(name))
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** The sentence about one of {@link foreignControllers}. */
export function foreignText(name: string): string {
  return `Deployment ${FLUX_NAMESPACE}/${name} is labelled as Flux's, and is none of the stack's controllers: it does not count`;
}

function controllerStatus(object: LiveObject): ControllerStatus {
  const { name, labels, generation = 0 } = object.metadata;
  const { spec, status } = deployment.parse(object);
  const isObserved = status.observedGeneration >= generation;
  const isComplete = status.updatedReplicas >= spec.replicas && status.availableReplicas >= spec.replicas;
  const ready = isObserved && isComplete && spec.replicas > 0;
  const counted = `${status.availableReplicas} of ${spec.replicas} pods are available`;
  const failed = status.conditions.find(({ type, status: is }) => type === "Available" && is === "False");
  const message =
    spec.replicas === 0 ? "is scaled to 0 pods" : [counted, failed?.message ?? ""].filter(Boolean).join(": ");
  return { name, ready, ...definedOnly({ version: labels[VERSION_LABEL], message: ready ? undefined : message }) };
}
