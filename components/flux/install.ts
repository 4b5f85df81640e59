import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { INSTALL_ORDER, rolloutOrder } from "../../flux/harden/order.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { registerObject } from "./resource-types.js";

/** A release of Flux, and the timeout of its controllers. */
export interface FluxInstallArgs extends Pick<FleetSpec["flux"], "version" | "readyTimeout"> {
  /** The objects of the release, verified against the lock and hardened. */
  readonly objects: readonly KubernetesObject[];
  /** The versions of the controllers that the last update left. @default - none */
  readonly formerVersions?: readonly string[] | undefined;
}

/**
 * Flux on one cluster, with each of its objects as a resource of the stack.
 * The order is: namespace, CRDs and rights, Services, controllers. Each group depends on the one before. An update to another
 * version rolls out one controller after the other, so that the first one that fails stops it. All others start at once: a
 * chain would add up the times in which images are pulled. Removal is in reverse, after everything that depends on the
 * controllers, because Flux's finalizers need a running controller.
 * Give it exactly one explicit Kubernetes provider, by `provider` or through its parent.
 */
export class FluxInstall extends pulumi.ComponentResource {
  /** Name of Flux's namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;
  /** Deployments of the controllers. Every Flux object must depend on them. */
  readonly controllers: readonly pulumi.CustomResource[];

  constructor(name: string, args: FluxInstallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:flux:Install", name, {}, opts);
    const registered = this.#registerInOrder(name, args);
    const namespace = registered.find((resource) => resource instanceof k8s.core.v1.Namespace);
    if (!namespace)
      throw new Error("the objects of Flux hold no Namespace: give FluxInstall a whole, hardened release");
    const deployments = registered.filter((resource) => resource instanceof k8s.apps.v1.Deployment);

    this.namespace = namespace.metadata.name;
    this.controllers = deployments;
    this.registerOutputs();
  }

  /** Registers one group after the other. Objects of one group are registered in parallel, except as above. */
  #registerInOrder(name: string, { objects, readyTimeout, ...versions }: FluxInstallArgs): pulumi.CustomResource[] {
    const unplaced = objects.find(({ kind }) => !INSTALL_ORDER.flat().includes(kind));
    if (unplaced) throw new Error(`${objectName(unplaced)} has no place in the order: see flux/harden/order.ts`);

    let previous: pulumi.CustomResource[] = [];
    return INSTALL_ORDER.flatMap((kinds) => {
      const group = objects.filter(({ kind }) => kinds.includes(kind));
      const isChain = kinds.includes("Deployment") && isOtherVersion(versions);
      let last: pulumi.CustomResource[] = [];
      const register = (object: KubernetesObject) => {
        const opts = { parent: this, dependsOn: [...previous, ...last] };
        // The name does not depend on other objects of the release: `flux-deployment-source-controller`.
        const child = `${name}-${object.kind}-${object.metadata.name}`.toLowerCase();
        if (object.kind === "Service") return registerObject(child, withoutWaiting(object), opts);
        if (object.kind !== "Deployment") return registerObject(child, object, opts);
        const customTimeouts = { create: readyTimeout, update: readyTimeout };
        return registerObject(child, withDeadline(object, readyTimeout), { ...opts, customTimeouts });
      };
      const registered = (isChain ? rolloutOrder(group) : group).map((object) => {
        const resource = register(object);
        if (isChain) last = [resource];
        return resource;
      });
      if (registered.length > 0) previous = registered;
      return registered;
    });
  }
}

function isOtherVersion({
  version,
  formerVersions = [],
}: Pick<FluxInstallArgs, "version" | "formerVersions">): boolean {
  return formerVersions.some((former) => former !== version);
}

/** Disables the provider's wait for the pods of a Service. They start after it, and their Deployments wait. */
function withoutWaiting(object: KubernetesObject): KubernetesObject {
  const annotations = { ...object.metadata.annotations, "pulumi.com/skipAwait": "true" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/**
 * Sets a progress deadline shortly before the provider's timeout, so that the provider's message has the reason.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
 */
function withDeadline(object: KubernetesObject, readyTimeout: string): KubernetesObject {
  const timeout = durationMilliseconds(readyTimeout);
  if (timeout === undefined) throw new Error(`readyTimeout is ${readyTimeout}, which is not a duration such as 5m`);
  const progressDeadlineSeconds = Math.max(1, Math.floor((timeout / 1000) * 0.8));
  return { ...object, spec: { ...(object.spec as object), progressDeadlineSeconds } };
}
