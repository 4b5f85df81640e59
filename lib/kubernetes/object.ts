/** Any Kubernetes object, as data: what a manifest holds and what pure functions here take and return. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The part of an object's metadata that its author writes. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** `apps/v1/Deployment`: what decides the schema of an object. */
export function typeOf(object: KubernetesObject): string {
  return `${object.apiVersion}/${object.kind}`;
}

/** `Deployment flux-system/source-controller`: how messages name an object, and unique in one manifest. */
export function objectName(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** A copy of `object` with `labels` added; where both name a label, the added value wins. */
export function withLabels(object: KubernetesObject, labels: Readonly<Record<string, string>>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}
