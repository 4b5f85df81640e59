import { z } from "zod";
import { type AuditedCluster, type AuditedObject, objectsOf } from "./audited-cluster.js";
import { type ControllerName, defaultAccount, type FluxController } from "./flux-controllers.js";

/** A sync: a Kustomization or HelmRelease, with the account that applies its content. */
export interface AuditedSync extends AuditedObject {
  readonly name: string;
  readonly namespace: string;
  readonly controller: ControllerName;
  /** The account that the sync names. @default - it names none */
  readonly named?: string | undefined;
  /** The account that applies. @default - the controller's own account */
  readonly applier?: string | undefined;
  /** Whether a kubeconfig leads to another cluster, whose rights are unknown here. */
  readonly isRemote: boolean;
  /** Whether it lies in a namespace of Flux's controllers, where only the platform's owners write. */
  readonly isPlatform: boolean;
}

const sync = z.object({
  spec: z.object({ serviceAccountName: z.string().optional(), kubeConfig: z.unknown().optional() }).prefault({}),
});

/** The syncs of a cluster. */
export function auditedSyncs(cluster: AuditedCluster, controllers: readonly FluxController[]): AuditedSync[] {
  const ofFlux = new Set(controllers.map(({ namespace }) => namespace));
  return objectsOf(cluster, "Kustomization", "HelmRelease").map((one): AuditedSync => {
    const { name, namespace = "" } = one.object.metadata;
    const { serviceAccountName, kubeConfig } = sync.parse(one.object).spec;
    const controller = one.kind === "Kustomization" ? "kustomize-controller" : "helm-controller";
    const named = serviceAccountName || undefined;
    return {
      ...one,
      name,
      namespace,
      controller,
      named,
      applier: named ?? defaultAccount(controllers, controller),
      isRemote: kubeConfig !== undefined,
      isPlatform: ofFlux.has(namespace),
    };
  });
}
