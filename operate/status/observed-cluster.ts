import type { LiveObject } from "../../lib/kubernetes/live-object.js";

/** The kinds of objects that a status is made of. */
export const observedKinds = [
  "deployments",
  "gitRepositories",
  "kustomizations",
  "helmReleases",
  "quotas",
  "secrets",
] as const;
/** One of {@link observedKinds}. */
export type ObservedKind = (typeof observedKinds)[number];

/** The objects of a cluster that a status is made of. A kind that could not be read is absent. */
export interface ObservedCluster {
  readonly objects: Readonly<Partial<Record<ObservedKind, readonly LiveObject[]>>>;
  /** Why kinds could not be read. */
  readonly unread: Readonly<Partial<Record<ObservedKind, string>>>;
}

/** Finds objects of one kind by namespace and name. Undefined where the kind could not be read. */
export type Find = (namespace: string, name: string) => LiveObject | undefined;

/** A search over the objects of one kind. */
export function finder(objects: readonly LiveObject[] = []): Find {
  const byPlace = new Map(objects.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  return (namespace, name) => byPlace.get(`${namespace}/${name}`);
}
