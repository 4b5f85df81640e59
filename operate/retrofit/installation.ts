import { pluralOf } from "../../lib/kubernetes/api-paths.js";
import { type LiveObject, liveIdentity, type ObjectType } from "../../lib/kubernetes/live-object.js";
import {
  FLUX_NAMESPACE,
  INSTANCE_LABEL,
  isManagedByFleet,
  PART_OF_LABEL,
  STACK_LABEL,
} from "../../lib/kubernetes/ownership-labels.js";
import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { type AuditedKind, auditedKinds, placeOf } from "../audit/audited-cluster.js";
import { fluxNamespace, type RetrofitFacts } from "./facts.js";
import type { Obstacle } from "./step.js";

/** An object of a release of Flux. */
export interface ReleasedObject {
  readonly kind: string;
  /** @default - an object of the whole cluster */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The objects of the release of Flux that a stack pins, verified against the lock, or why they are not known. */
export type ReleasedFlux = { readonly version: string } & (
  | { readonly objects: readonly ReleasedObject[] }
  | { readonly unknown: string }
);

/** Labels of the objects of an installation by the flux CLI. Every account that may write an object may set them. */
export const installationLabels: Readonly<Record<string, string>> = {
  [PART_OF_LABEL]: "flux",
  [INSTANCE_LABEL]: FLUX_NAMESPACE,
};

/** The kinds of the objects of an installation. Those with `isNamespaced` lie in Flux's namespace. */
export const installedTypes = {
  CustomResourceDefinition: { group: "apiextensions.k8s.io", isNamespaced: false },
  ClusterRole: { group: RBAC_GROUP, isNamespaced: false },
  ClusterRoleBinding: { group: RBAC_GROUP, isNamespaced: false },
  Deployment: { group: "apps", isNamespaced: true },
  NetworkPolicy: { group: "networking.k8s.io", isNamespaced: true },
  ResourceQuota: { group: "core", isNamespaced: true },
  ServiceAccount: { group: "core", isNamespaced: true },
  Service: { group: "core", isNamespaced: true },
} as const satisfies Readonly<Record<string, { readonly group: string; readonly isNamespaced: boolean }>>;

/** One of the kinds of {@link installedTypes}. */
export type InstalledKind = keyof typeof installedTypes;

const installedKinds = Object.keys(installedTypes) as readonly InstalledKind[];

/** The kinds of an installation that an audit does not read. */
export const unauditedKinds = installedKinds.filter((kind) => !auditedKinds.some((one) => one === (kind as string)));

/** The objects of the kinds that an audit does not read, with the labels of an installation. */
export type Unaudited = Readonly<Partial<Record<InstalledKind, readonly LiveObject[]>>>;

/** The API type of a kind of an installation. */
export function installedType(kind: InstalledKind): ObjectType {
  return { group: installedTypes[kind].group, version: "v1", kind };
}

/** An object of an installation. */
export interface InstalledObject {
  readonly kind: InstalledKind;
  readonly object: LiveObject;
  /** As kubectl names it: `deployments.apps/source-controller`. */
  readonly resource: string;
}

/**
 * The objects with the labels of an installation that the release has, by name, and the others. Labels alone prove nothing:
 * they would have the program adopt any object that carries them.
 */
export function installation(facts: RetrofitFacts): {
  readonly released: readonly InstalledObject[];
  readonly foreign: readonly InstalledObject[];
} {
  const { release } = facts;
  const names = new Set("objects" in release ? release.objects.flatMap((one) => installedKeys(one, facts)) : []);
  const labelled = installedKinds.flatMap((kind) => labelledObjects(facts, kind));
  const isReleased = ({ kind, object: { metadata } }: InstalledObject) => names.has(keyOf({ kind, ...metadata }));
  return {
    released: labelled.filter(isReleased),
    foreign: labelled.filter((one) => !isReleased(one) && !isRegistered(facts, one)),
  };
}

/** Whether the program has made an object. The label alone proves no more than Flux's own labels. */
function isRegistered({ stack, planned }: RetrofitFacts, { kind, object: { metadata } }: InstalledObject): boolean {
  const identity = liveIdentity(installedType(kind), metadata);
  const isOwn = isManagedByFleet(metadata.labels) && metadata.labels[STACK_LABEL] === stack;
  return isOwn && planned.some((one) => one.identity === identity);
}

/** Why the program cannot take over the installation of Flux: its release is not known, or an object only looks like its part. */
export function installationObstacles(facts: RetrofitFacts): Obstacle[] {
  const { release, context } = facts;
  if ("unknown" in release) {
    const message = `the objects of its release are not known: ${release.unknown}`;
    const fix = `Allow access to GitHub, or put the file at ${release.version}/install.yaml in a folder and name that in FLEET_MANIFESTS`;
    return [{ object: `Flux ${release.version}`, message, fix }];
  }
  return installation(facts).foreign.map(({ kind, object: { metadata }, resource }) => {
    const place = metadata.namespace === undefined ? "" : ` --namespace ${shellWord(metadata.namespace)}`;
    const command = `kubectl --context ${shellWord(context)}${place} label ${shellWord(resource)} ${PART_OF_LABEL}-`;
    return {
      object: `${kind} ${placeOf(metadata)}`,
      message: `has the labels of Flux's installation, and is no object of Flux ${release.version}: the program does not adopt it`,
      fix: `Delete it if an older Flux left it. Otherwise, remove the label: ${command}`,
    };
  });
}

/** Kinds to whose names the flux CLI adds the namespace. A release, which `kubectl apply` installs, has them without. */
const suffixed: readonly string[] = ["ClusterRole", "ClusterRoleBinding", "ResourceQuota"];

/**
 * The names that an object of a release may have on a cluster.
 * @see https://github.com/fluxcd/flux2/blob/v2.9.2/pkg/manifestgen/install/templates.go
 */
function installedKeys(object: ReleasedObject, facts: RetrofitFacts): string[] {
  const { kind, name } = object;
  const other = suffixed.includes(kind) ? [keyOf({ ...object, name: `${name}-${fluxNamespace(facts)}` })] : [];
  return [keyOf(object), ...other];
}

function labelledObjects(facts: RetrofitFacts, kind: InstalledKind): InstalledObject[] {
  const { group, isNamespaced } = installedTypes[kind];
  const place = isNamespaced ? fluxNamespace(facts) : undefined;
  const all = facts.unaudited[kind] ?? facts.cluster[kind as AuditedKind] ?? [];
  return all
    .filter(({ metadata: { namespace, labels } }) => {
      const isLabelled = Object.entries(installationLabels).every(([name, value]) => labels[name] === value);
      return isLabelled && namespace === place;
    })
    .map((object) => {
      const suffix = group === "core" ? "" : `.${group}`;
      return { kind, object, resource: `${pluralOf({ kind })}${suffix}/${object.metadata.name}` };
    });
}

function keyOf({ kind, namespace, name }: ReleasedObject): string {
  return `${kind} ${placeOf({ namespace, name })}`;
}
