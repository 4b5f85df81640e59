import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { INSTALL_ORDER } from "../../flux/harden/order.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { registerObject } from "./resource-types.js";

/** What is installed, and how long it may take. */
export interface FluxInstallArgs {
  /** A release of Flux, verified against the lock and hardened. */
  readonly objects: readonly KubernetesObject[];
  /** Version of Flux: `v2.9.2`. */
  readonly version: string;
  /** How long a controller may take to become Ready before the update fails, as a duration: `5m`. */
  readonly readyTimeout: string;
}

/**
 * Flux on one cluster, object by object, each in the stack's state.
 *
 * Registered in the order namespace, CRDs, accounts and rights, Services, controllers; each group once the one before
 * it is there. Removed in reverse, and only after everything that depends on this component or on its controllers:
 * Flux' finalizers need their controller, its account and its rights to the end.
 *
 * Give it exactly one explicit Kubernetes provider, by `provider` or through its parent.
 */
export class FluxInstall extends pulumi.ComponentResource {
  /** Name of Flux's namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;
  /** The controllers' Deployments: what a Flux object must depend on to outlive it in neither direction. */
  readonly controllers: readonly pulumi.CustomResource[];
  /** Names of the controllers, known once every one of them is Ready. */
  readonly readyControllers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: FluxInstallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:flux:Install", name, {}, opts);

    const groups = this.registerInOrder(name, args);
    const [namespace] = groups.flat().filter((resource) => resource instanceof k8s.core.v1.Namespace);
    if (!namespace)
      throw new Error("the objects of Flux hold no Namespace: give FluxInstall a whole, hardened release");
    const deployments = groups.flat().filter((resource) => resource instanceof k8s.apps.v1.Deployment);

    this.namespace = namespace.metadata.name;
    this.controllers = deployments;
    this.readyControllers = pulumi.all(deployments.map(({ metadata }) => metadata.name));
    this.registerOutputs({ version: args.version, namespace: this.namespace, controllers: this.readyControllers });
  }

  /** One group after the other; within a group all at once. */
  private registerInOrder(name: string, { objects, readyTimeout }: FluxInstallArgs): pulumi.CustomResource[][] {
    const groups = INSTALL_ORDER.map((kinds) => objects.filter(({ kind }) => kinds.includes(kind)));
    const unplaced = objects.find((object) => !groups.flat().includes(object));
    if (unplaced) throw new Error(`${objectName(unplaced)} has no place in the order: see flux/harden/order.ts`);

    const registered: pulumi.CustomResource[][] = [];
    for (const group of groups) {
      const opts = { parent: this, dependsOn: registered.findLast(({ length }) => length > 0) ?? [] };
      registered.push(
        group.map((object) =>
          registerObject(childName(name, object), forProvider(object, readyTimeout), {
            ...opts,
            ...(object.kind === "Deployment" ? { customTimeouts: { create: readyTimeout, update: readyTimeout } } : {}),
          }),
        ),
      );
    }
    return registered;
  }
}

/** `flux-deployment-source-controller`: says what it is, and stays the same whatever else a release holds. */
function childName(name: string, { kind, metadata }: KubernetesObject): string {
  return `${name}-${kind}-${metadata.name}`.toLowerCase();
}

/** An object with what only concerns how the provider and Kubernetes wait for it. */
function forProvider(object: KubernetesObject, readyTimeout: string): KubernetesObject {
  if (object.kind === "Service") return withoutWaiting(object);
  if (object.kind === "Deployment") return withDeadline(object, readyTimeout);
  return object;
}

/**
 * The provider waits until a Service has pods, and the pods wait for the Services; the controllers' own readiness says
 * the same, once.
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/core/v1/service/
 */
function withoutWaiting(object: KubernetesObject): KubernetesObject {
  const annotations = { ...object.metadata.annotations, "pulumi.com/skipAwait": "true" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/**
 * Kubernetes gives up on the rollout shortly before the provider does, so that the provider's message has the reason.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
 */
function withDeadline(object: KubernetesObject, readyTimeout: string): KubernetesObject {
  const timeout = durationMilliseconds(readyTimeout);
  if (timeout === undefined) throw new Error(`readyTimeout is ${readyTimeout}, which is not a duration such as 5m`);
  const progressDeadlineSeconds = Math.max(1, Math.floor((timeout / 1000) * 0.8));
  return { ...object, spec: { ...(object.spec as object), progressDeadlineSeconds } };
}
