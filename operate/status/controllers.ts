import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { DEFAULT_CONTROLLERS, deploymentName, hasTrait } from "../../flux/release/controllers.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { PART_OF_LABEL, VERSION_LABEL } from "../../lib/kubernetes/ownership-labels.js";

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
 * The controllers of Flux among Deployments, and those that are missing, by name.
 * @param expected names of the controllers that the stack has
 */
export function controllerStatuses(
  deployments: readonly LiveObject[],
  expected: readonly string[],
): readonly ControllerStatus[] {
  const found = deployments.filter(({ metadata }) => metadata.labels[PART_OF_LABEL] === "flux").map(controllerStatus);
  const missing = expected.filter((name) => found.every((one) => one.name !== name));
  const lost = missing.map((name) => ({ name, ready: false, message: "does not exist" }));
  return [...found, ...lost].sort((a, b) => (a.name < b.name ? -1 : 1));
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
