/** Any Kubernetes object as data, as in a manifest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The metadata of an object, as far as its author writes it. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The type of an object: `apps/v1/Deployment`. */
export function typeOf(object: KubernetesObject): string {
  return `${object.apiVersion}/${object.kind}`;
}

/** The name of an object in messages, unique in one manifest: `Deployment flux-system/source-controller`. */
export function objectName(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** A copy of `object` with `labels` added; an added value replaces an existing one. */
export function withLabels(object: KubernetesObject, labels: Readonly<Record<string, string>>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}
