import type { KubernetesObject } from "../../../lib/kubernetes/object.js";

/** Where the objects of the cases are, and where they may fetch from. */
export interface Place {
  /** The tenant's namespace. */
  readonly namespace: string;
  /** `ssh://git@HOST:PORT/OWNER`: what clone URLs of the organisation begin with. */
  readonly organisation: string;
}

/** Something that a tenant sends, and what it is told: nothing when it may. */
export interface Case {
  readonly title: string;
  readonly object: KubernetesObject;
  /** What the refusal says. @default - it is allowed */
  readonly refused?: RegExp;
}

/** Fields of an object's spec. */
export type Spec = Readonly<Record<string, unknown>>;

/** A tenant's own object, with fields of its spec in place of those that are all right; undefined takes one away. */
export function objectOf(place: Place, apiVersion: string, kind: string, spec: Spec): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "of-a-test", namespace: place.namespace }, spec };
}
