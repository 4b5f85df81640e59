import { groupBy } from "../../lib/data/group-by.js";
import { pluralOf } from "../../lib/kubernetes/api-paths.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import {
  FLUX_NAMESPACE,
  fleetLabels,
  isManagedByFleet,
  STACK_LABEL,
  tenantLabels,
} from "../../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { bindingOf } from "../access/foreign-bindings.js";
import { type AuditedKind, type AuditedObject, auditedKinds, objectsOf, placeOf } from "../audit/audited-cluster.js";
import type { AuditedSync } from "../audit/syncs.js";
import { findObject, fluxNamespace, type RetrofitFacts } from "./facts.js";
import { installation, installedTypes } from "./installation.js";
import { inventoryOf } from "./inventory.js";
import { takeOwnership } from "./take-ownership.js";

/**
 * Whether the program has taken the cluster over: Flux's namespace and every planned sync have its labels, and the admission
 * policies are bound. The labels alone are there before the update.
 */
export function isAdopted({ cluster, planned, stack }: RetrofitFacts): boolean {
  const namespace = findObject(cluster, "Namespace", { name: FLUX_NAMESPACE });
  if (namespace?.metadata.labels[STACK_LABEL] !== stack || !isManagedByFleet(namespace.metadata.labels)) return false;
  return planned.every(({ kind, metadata }) => {
    if (kind === "ValidatingAdmissionPolicyBinding") return findObject(cluster, kind, metadata) !== undefined;
    if (kind !== "Kustomization") return true;
    return isManagedByFleet(findObject(cluster, "Kustomization", metadata)?.metadata.labels);
  });
}

/**
 * The commands by which the program takes the cluster over. The old syncs of the platform are suspended first, so that no
 * object has two owners, and deleted last: a suspended Kustomization prunes nothing, and it keeps its objects if it is
 * resumed meanwhile. Between them, the label of the fleet is
 * the consent to overwrite: the program refuses every object of a registered name without it. The old binding of Flux's
 * controllers goes at the end, because RBAC only adds rights.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#suspend
 */
export function adoptionCommands(facts: RetrofitFacts): string[] {
  const { stack, context } = facts;
  const former = formerSyncs(facts);
  const flux = (action: string, { namespace, name }: { readonly namespace: string; readonly name: string }) => {
    return `flux --context ${shellWord(context)} --namespace ${shellWord(namespace)} ${action} ${shellWord(name)}`;
  };
  return [
    ...former.flatMap((one) => [flux("suspend kustomization", one), keepCommand(facts, one)]),
    ...ownershipCommands(facts),
    labelCommand(facts, `namespace ${shellWord(FLUX_NAMESPACE)}`, fleetLabels(stack)),
    ...[...facts.tenants].map(([namespace, tenant]) => {
      return labelCommand(facts, `namespace ${shellWord(namespace)}`, tenantLabels(stack, tenant));
    }),
    ...installationCommands(facts),
    ...consents(facts),
    `pulumi up --stack ${stack}`,
    ...former.map((one) => `${flux("delete kustomization", one)} --silent`),
    ...sourcesOf(former, facts).map((one) => `${flux("delete source git", one)} --silent`),
    ...formerBindings(facts).map((name) => {
      return `kubectl --context ${shellWord(context)} delete ${shellWord(`clusterrolebinding/${name}`)}`;
    }),
  ];
}

/**
 * Has the deletion of a sync delete nothing that it applied, also if it is no longer suspended by then. `deletionPolicy`
 * decides before `prune`.
 */
function keepCommand(
  { context }: Pick<RetrofitFacts, "context">,
  { namespace, name }: Pick<AuditedSync, "namespace" | "name">,
): string {
  const patch = shellWord(JSON.stringify({ spec: { prune: false, deletionPolicy: "Orphan" } }));
  const object = `--namespace ${shellWord(namespace)} patch kustomizations.kustomize.toolkit.fluxcd.io/${shellWord(name)}`;
  return `kubectl --context ${shellWord(context)} ${object} --type merge --patch ${patch}`;
}

function labelCommand(
  { context }: Pick<RetrofitFacts, "context">,
  objects: string,
  labels: Readonly<Record<string, string>>,
  namespace?: string,
): string {
  const place = namespace === undefined ? "" : ` --namespace ${shellWord(namespace)}`;
  const pairs = Object.entries(labels).map(([key, value]) => shellWord(`${key}=${value}`));
  return `kubectl --context ${shellWord(context)}${place} label --overwrite ${objects} ${pairs.join(" ")}`;
}

/** The labels of Flux's own objects, each by its name: a selector would take others that have its labels along. */
function installationCommands(facts: RetrofitFacts): string[] {
  const { released } = installation(facts);
  return [false, true].flatMap((isNamespaced) => {
    const some = released.filter(({ kind }) => installedTypes[kind].isNamespaced === isNamespaced);
    const names = some.map(({ resource }) => shellWord(resource)).join(" ");
    const place = isNamespaced ? fluxNamespace(facts) : undefined;
    return some.length === 0 ? [] : [labelCommand(facts, names, fleetLabels(facts.stack), place)];
  });
}

/** An object with a name that the program registers, and how kubectl names it. */
interface Adopted {
  readonly object: LiveObject;
  readonly namespace: string | undefined;
  readonly tenant: string | undefined;
  /** `deployments.apps/source-controller` */
  readonly resource: string;
}

/** The objects of tenants and of the platform that have a registered name already. */
function adoptedObjects({ planned, cluster }: RetrofitFacts): Adopted[] {
  return planned.flatMap(({ kind, group, metadata, isPatch, owner: { tenant } }) => {
    const object = isAuditedKind(kind) ? findObject(cluster, kind, metadata) : undefined;
    if (object === undefined || kind === "Namespace" || isPatch) return [];
    const resource = `${pluralOf({ kind })}${group === "core" ? "" : `.${group}`}/${metadata.name}`;
    return [{ object, namespace: metadata.namespace, tenant, resource }];
  });
}

/** Flux's own Deployments. The plan has none: it is made without Flux. */
function deploymentsOfFlux({ controllers }: RetrofitFacts): Adopted[] {
  return controllers.map(({ deployment: { object }, namespace }) => {
    return { object, namespace, tenant: undefined, resource: `deployments.apps/${object.metadata.name}` };
  });
}

/** The commands by which the program becomes the owner of applied fields. */
function ownershipCommands(facts: RetrofitFacts): string[] {
  return [...deploymentsOfFlux(facts), ...adoptedObjects(facts)].flatMap(({ object, namespace, resource }) => {
    const patch = takeOwnership(object);
    if (patch.length === 0) return [];
    const place = namespace === undefined ? "" : ` --namespace ${shellWord(namespace)}`;
    const text = shellWord(JSON.stringify(patch));
    return [
      `kubectl --context ${shellWord(facts.context)}${place} patch ${shellWord(resource)} --type json --patch ${text}`,
    ];
  });
}

/** The labels of objects of tenants that have a registered name already: one command for each namespace and tenant. */
function consents(facts: RetrofitFacts): string[] {
  const foreign = adoptedObjects(facts).filter(({ object }) => !isManagedByFleet(object.metadata.labels));
  const groups = groupBy(foreign, ({ namespace, tenant }) => JSON.stringify([namespace, tenant]));
  return [...groups.values()].map((objects) => {
    const { namespace, tenant } = objects[0] ?? {};
    const labels = tenant === undefined ? fleetLabels(facts.stack) : tenantLabels(facts.stack, tenant);
    return labelCommand(facts, objects.map(({ resource }) => shellWord(resource)).join(" "), labels, namespace);
  });
}

function isAuditedKind(kind: string): kind is AuditedKind {
  return auditedKinds.some((one) => one === kind);
}

/**
 * The Git sources of former syncs, which nothing uses any more. Syncs to other clusters, charts in Git and image automations use
 * sources as well.
 */
function sourcesOf(former: readonly AuditedSync[], { planned, cluster }: RetrofitFacts) {
  const others = objectsOf(cluster, "Kustomization", "HelmRelease", "ImageUpdateAutomation").filter(
    ({ object }) => !former.some((one) => one.object === object),
  );
  const kept = new Set([
    ...planned.filter(({ kind }) => kind === "GitRepository").map(({ metadata }) => placeOf(metadata)),
    ...gitSourcesOf(others).map(placeOf),
  ]);
  const sources = gitSourcesOf(former);
  return [...new Map(sources.map((one) => [placeOf(one), one])).values()].filter((one) => !kept.has(placeOf(one)));
}

interface SourceRef {
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

function gitSourcesOf(objects: readonly AuditedObject[]) {
  return objects.flatMap(({ object: { metadata, spec } }) => {
    const { sourceRef, chart } = (spec ?? {}) as {
      readonly sourceRef?: SourceRef;
      readonly chart?: { readonly spec?: { readonly sourceRef?: SourceRef } };
    };
    return [sourceRef, chart?.spec?.sourceRef].flatMap((one) => {
      if (one?.kind !== "GitRepository") return [];
      return [{ namespace: one.namespace ?? metadata.namespace ?? "", name: one.name }];
    });
  });
}

/** The bindings that give Flux's own controllers the whole cluster. Under lockdown, no sync needs them. */
function formerBindings(facts: RetrofitFacts): string[] {
  const { cluster, planned } = facts;
  const kept = new Set(
    planned.filter(({ kind }) => kind === "ClusterRoleBinding").map(({ metadata }) => metadata.name),
  );
  return (cluster.ClusterRoleBinding ?? []).flatMap((object) => {
    const { roleRef, subjects = [], metadata } = bindingOf("ClusterRoleBinding", "", object);
    const isOfFlux =
      subjects.length > 0 &&
      subjects.every(({ kind, namespace, name }) => {
        return (
          kind === "ServiceAccount" &&
          facts.controllers.some((one) => one.namespace === namespace && one.account === name)
        );
      });
    return isOfFlux && roleRef.name === "cluster-admin" && !kept.has(metadata.name) ? [metadata.name] : [];
  });
}

/**
 * The Kustomizations that apply objects which the program registers, or Flux itself, and that it does not register itself.
 * Those that apply such a Kustomization are among them: they would create it again. The outer ones come first.
 */
function formerSyncs(facts: RetrofitFacts): AuditedSync[] {
  const { syncs, planned, controllers } = facts;
  const keys = new Set(planned.map(({ kind, metadata }) => `${kind} ${placeOf(metadata)}`));
  const candidates = syncs.filter((one) => {
    const isHere = one.kind === "Kustomization" && one.namespace === fluxNamespace(facts);
    return isHere && !keys.has(keyOfSync(one));
  });
  const taken = new Set([...keys, ...controllers.map(({ deployment: { object } }) => keyOfDeployment(object))]);
  const found: AuditedSync[] = [];
  for (;;) {
    const next = candidates.filter((one) => {
      return !found.includes(one) && (inventoryOf(one.object) ?? []).some((each) => taken.has(keyOf(each)));
    });
    if (next.length === 0) return found;
    found.unshift(...next);
    for (const one of next) taken.add(keyOfSync(one));
  }
}

function keyOf({ kind, ...place }: { readonly kind: string; readonly namespace?: string | undefined; name: string }) {
  return `${kind} ${placeOf(place)}`;
}

function keyOfSync({ kind, namespace, name }: AuditedSync): string {
  return keyOf({ kind, namespace, name });
}

function keyOfDeployment({ metadata: { namespace, name } }: LiveObject): string {
  return keyOf({ kind: "Deployment", namespace, name });
}
