import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Place } from "../attack.js";
import type { BenchmarkId } from "../benchmarks.js";
import { own } from "../objects.js";
import { type ApiRequest, create } from "../request.js";

/** Something that a team does every day, and that no control may keep it from. */
export interface Legitimate {
  /** What it is, as a noun: "a StatefulSet with volumes". */
  readonly title: string;
  /** The check of the Kubernetes multi-tenancy benchmarks that it is. @default none */
  readonly benchmark?: BenchmarkId;
  /** Objects that it needs, all of them allowed; created for real, and removed after it. @default none */
  readonly first?: (place: Place) => readonly KubernetesObject[];
  /** Sent by the tenant's reconciler. */
  readonly request: (place: Place) => ApiRequest;
}

/** An object that a team applies. @param fields beside apiVersion, kind and metadata */
export function object(
  title: string,
  apiVersion: string,
  kind: string,
  fields: Readonly<Record<string, unknown>> | ((place: Place) => Readonly<Record<string, unknown>>),
  metadata: Readonly<Record<string, unknown>> = {},
): Legitimate {
  return {
    title,
    request: (place) => {
      const made = own(place, apiVersion, kind, typeof fields === "function" ? fields(place) : fields);
      return create({ ...made, metadata: { ...made.metadata, ...metadata } } as KubernetesObject);
    },
  };
}
