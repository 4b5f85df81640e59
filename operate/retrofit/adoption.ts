import { FLUX_NAMESPACE, isManagedByFleet, STACK_LABEL, tenantLabels } from "../../lib/kubernetes/ownership-labels.js";
import { placeOf } from "../audit/audited-cluster.js";
import { shellWord } from "../audit/patch.js";
import { findObject, fluxNamespace, type RetrofitFacts } from "./facts.js";
import { inventoryOf } from "./inventory.js";

/** Whether the program has taken the cluster over: Flux's namespace and every planned sync have its labels. */
export function isAdopted({ cluster, planned, stack }: RetrofitFacts): boolean {
  const namespace = findObject(cluster, "Namespace", { name: FLUX_NAMESPACE });
  if (namespace?.metadata.labels[STACK_LABEL] !== stack || !isManagedByFleet(namespace.metadata.labels)) return false;
  return planned.every(({ kind, metadata }) => {
    if (kind !== "Kustomization") return true;
    return isManagedByFleet(findObject(cluster, "Kustomization", metadata)?.metadata.labels);
  });
}

/**
 * The commands by which the program takes the cluster over. The old syncs of the platform are suspended first, so that no
 * object has two owners, and deleted last: a suspended Kustomization prunes nothing.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#suspend
 */
export function adoptionCommands(facts: RetrofitFacts): string[] {
  const { tenants, stack, context } = facts;
  const labels = (name: string, values: Readonly<Record<string, string>>) => {
    const pairs = Object.entries(values).map(([key, value]) => shellWord(`${key}=${value}`));
    return `kubectl --context ${shellWord(context)} label --overwrite namespace ${shellWord(name)} ${pairs.join(" ")}`;
  };
  const former = formerSyncs(facts);
  const flux = (action: string, { namespace, name }: { readonly namespace: string; readonly name: string }) => {
    return `flux --context ${shellWord(context)} --namespace ${shellWord(namespace)} ${action} ${shellWord(name)}`;
  };
  return [
    ...former.map((one) => flux("suspend kustomization", one)),
    ...[...tenants].map(([namespace, tenant]) => labels(namespace, tenantLabels(stack, tenant))),
    `pulumi up --stack ${stack}`,
    ...former.map((one) => `${flux("delete kustomization", one)} --silent`),
  ];
}

/** The Kustomizations that apply objects which the program registers, and that it does not register itself. */
function formerSyncs(facts: RetrofitFacts) {
  const { syncs, planned } = facts;
  const keys = new Set(planned.map(({ kind, metadata }) => `${kind} ${placeOf(metadata)}`));
  return syncs.filter((one) => {
    if (one.kind !== "Kustomization" || one.namespace !== fluxNamespace(facts)) return false;
    const isPlanned = keys.has(`Kustomization ${placeOf(one)}`);
    return !isPlanned && (inventoryOf(one.object) ?? []).some((each) => keys.has(`${each.kind} ${placeOf(each)}`));
  });
}
