import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import type { TenantNamespaces } from "../access/bindings.js";
import type { AuditedCluster, AuditedKind } from "../audit/audited-cluster.js";
import { type FluxController, fluxControllers } from "../audit/flux-controllers.js";
import { type AuditedSync, auditedSyncs } from "../audit/syncs.js";
import type { PlannedObject } from "../verify/planned-objects.js";
import type { ReleasedFlux, Unaudited } from "./installation.js";

/** The cluster before a step, and the plan of the stack that takes it over. */
export interface RetrofitFacts {
  readonly context: string;
  readonly stack: string;
  readonly cluster: AuditedCluster;
  readonly planned: readonly PlannedObject[];
  /** The release of Flux that the stack pins. */
  readonly release: ReleasedFlux;
  /** Objects of Flux's installation of the kinds that `cluster` lacks. */
  readonly unaudited: Unaudited;
  /** The controllers of Flux's namespace. Those of other namespaces where it has none. */
  readonly controllers: readonly FluxController[];
  /** Deployments of other namespaces with the name and rights of a controller. */
  readonly strayControllers: readonly FluxController[];
  /** The syncs to this cluster. */
  readonly syncs: readonly AuditedSync[];
  /** The syncs with a kubeconfig, which apply to another cluster. */
  readonly remoteSyncs: readonly AuditedSync[];
  /** Tenants by the namespaces that the plan has and the cluster has already. */
  readonly tenants: TenantNamespaces;
}

/** The facts that are read. All others follow from them. */
type GivenFacts = Pick<RetrofitFacts, "context" | "stack" | "cluster" | "planned" | "release" | "unaudited">;

/** The facts of a cluster and of a plan. */
export function retrofitFacts(args: GivenFacts): RetrofitFacts {
  const { cluster, planned } = args;
  const running = fluxControllers(cluster);
  const [home, strayControllers] = [running.filter(isHome), running.filter((one) => !isHome(one))];
  // A tenant could give a Deployment such a name. Its namespace would then be the platform's.
  const controllers = home.length > 0 ? home : strayControllers;
  const existing = new Set(cluster.Namespace?.map(({ metadata }) => metadata.name));
  const tenants = planned.flatMap(({ kind, metadata, owner: { tenant } }): [string, string][] => {
    const isTenants = kind === "Namespace" && tenant !== undefined && existing.has(metadata.name);
    return isTenants ? [[metadata.name, tenant]] : [];
  });
  const all = auditedSyncs(cluster, controllers);
  const [syncs, remoteSyncs] = [all.filter(({ isRemote }) => !isRemote), all.filter(({ isRemote }) => isRemote)];
  return { ...args, controllers, strayControllers, syncs, remoteSyncs, tenants: new Map(tenants) };
}

function isHome({ namespace }: FluxController): boolean {
  return namespace === FLUX_NAMESPACE;
}

/** Namespace of Flux's controllers. Without any, the usual one. */
export function fluxNamespace({ controllers }: Pick<RetrofitFacts, "controllers">): string {
  return controllers[0]?.namespace ?? FLUX_NAMESPACE;
}

/** An object of a cluster. Undefined without. */
export function findObject(
  cluster: AuditedCluster,
  kind: AuditedKind,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): LiveObject | undefined {
  return cluster[kind]?.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}
