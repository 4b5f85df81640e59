import { z } from "zod";
import { shellWord } from "../../lib/process/shell-word.js";
import { type FluxController, flagIndex } from "../audit/flux-controllers.js";
import { type LockdownFlag, missingFlags } from "../audit/judge-controllers.js";
import type { PatchOperation } from "../audit/patch.js";
import type { RetrofitFacts } from "./facts.js";
import { fieldPatch, gitPlace } from "./git-place.js";
import type { Obstacle, RetrofitChange } from "./step.js";

/** Label of the objects that flux-operator writes. */
const OPERATOR_LABEL = "fluxcd.controlplane.io/name";

/** The changes that lock the controllers down. */
export function flagChanges(facts: RetrofitFacts): RetrofitChange[] {
  return facts.controllers.flatMap((controller) => {
    const missing = missingFlags(controller);
    if (missing.length === 0 || operatorOf(controller) !== undefined) return [];
    const { deployment, namespace, args } = controller;
    const { name } = deployment.object.metadata;
    const path = argsPath(controller);
    const before = args.length === 0 ? [] : [{ op: "test", path, value: args } as const];
    const value = missing.reduce(withFlag, args);
    const operations = [...before, { op: args.length === 0 ? "add" : "replace", path, value } as const];
    return [
      {
        object: `Deployment ${namespace}/${name}`,
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace,
        name,
        action: { type: "patch", operations },
        detail: `sets ${missing.map((flag) => argumentOf(flag)).join(", ")}`,
        inGit: gitPlace(facts.cluster, deployment, fieldPatch(deployment, fileOperations(controller, missing))),
      },
    ];
  });
}

/** The JSON pointer of a controller's arguments. */
export function argsPath({ container }: Pick<FluxController, "container">): string {
  return `/spec/template/spec/containers/${container}/args`;
}

/** The last of several values counts, so each other one is replaced, too. */
function withFlag(args: readonly string[], flag: LockdownFlag): readonly string[] {
  const index = flagIndex(args, flag.flag);
  return index < 0 ? [...args, argumentOf(flag)] : args.with(index, argumentOf(flag));
}

function argumentOf({ flag, value }: LockdownFlag): string {
  return `--${flag}=${value}`;
}

/** The arguments of the file are other ones: image updates and patches may add some. So each flag is added for itself. */
function fileOperations(controller: FluxController, missing: readonly LockdownFlag[]): PatchOperation[] {
  return missing.map((flag) => ({ op: "add", path: `${argsPath(controller)}/-`, value: argumentOf(flag) }));
}

function operatorOf({ deployment }: FluxController): string | undefined {
  return deployment.object.metadata.labels[OPERATOR_LABEL];
}

const rollout = z.object({
  spec: z.object({ replicas: z.number().default(1) }).prefault({}),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      replicas: z.number().default(0),
    })
    .prefault({}),
});

/** Controllers whose flags another program decides, and those that still run without the flags of their Deployment. */
export function flagObstacles({ controllers }: RetrofitFacts): Obstacle[] {
  return controllers.flatMap((controller) => {
    const { deployment, namespace } = controller;
    const { name, generation } = deployment.object.metadata;
    const object = `Deployment ${namespace}/${name}`;
    const operator = operatorOf(controller);
    const missing = missingFlags(controller);
    if (operator !== undefined && missing.length > 0) {
      const patch = `'{"spec":{"cluster":{"multitenant":true}}}'`;
      const fix = `kubectl patch ${shellWord(`fluxinstance/${operator}`)} --namespace ${shellWord(namespace)} --type merge --patch ${patch}`;
      return [{ object, message: `lacks flags, and flux-operator writes its arguments`, fix }];
    }
    if (missing.length > 0 || isRolledOut(deployment.object, generation)) return [];
    const fix = `kubectl --namespace ${shellWord(namespace)} rollout status ${shellWord(`deployment/${name}`)}`;
    return [{ object, message: "still runs a pod without the flags", fix }];
  });
}

function isRolledOut(deployment: unknown, generation: number | undefined): boolean {
  const { spec, status } = rollout.parse(deployment);
  const { observedGeneration, updatedReplicas, availableReplicas, replicas } = status;
  const isSeen = observedGeneration === generation;
  return (
    isSeen && updatedReplicas === spec.replicas && availableReplicas >= spec.replicas && replicas === spec.replicas
  );
}
