import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { service } from "../../support/objects/network.js";
import type { Fields, Metadata } from "../../support/objects/object.js";
import { deployment, podLabels, podSpec } from "../../support/objects/workloads.js";
import type { Place } from "../attack.js";
import type { BenchmarkId } from "../benchmarks.js";
import { placeholderTarget } from "../placeholder-target.js";
import { type ApiRequest, create } from "../request.js";

/** A task of a team that no control may refuse. */
export interface Legitimate {
  /** The task as a noun: "a StatefulSet with volumes". */
  readonly title: string;
  /** The check of the Kubernetes multi-tenancy benchmarks that it is. @default none */
  readonly benchmark?: BenchmarkId;
  /** Objects that it needs, all of them allowed; created for real, and removed after it. @default none */
  readonly first?: (place: Place) => readonly KubernetesObject[];
  /** Sent by the tenant's reconciler. */
  readonly request: (place: Place) => ApiRequest;
}

/**
 * Objects that a team creates.
 * @param objects title → object
 * @param more title → what is said of it beside
 */
export function daily<Title extends string>(
  objects: (place: Place) => Readonly<Record<Title, KubernetesObject>>,
  more: { readonly [one in Title]?: Pick<Legitimate, "benchmark" | "first"> } = {},
): Legitimate[] {
  const titles = Object.keys(objects(placeholderTarget)) as Title[];
  return titles.map((title) => ({ title, ...more[title], request: (place) => create(objects(place)[title]) }));
}

/** Deployments that a team creates. @param pods what follows "a Deployment" in the title → the spec of its pods */
export function dailyDeployments(pods: Readonly<Record<string, Fields>>): Legitimate[] {
  return daily((place) =>
    Object.fromEntries(Object.entries(pods).map(([title, pod]) => [`a Deployment ${title}`, deployment(place, pod)])),
  );
}

/** The spec of a pod with a port. @param main of its container. @param spec of the pod */
export function app(main: Fields = {}, spec: Fields = {}) {
  return podSpec({ ports: [{ name: "http", containerPort: 8080 }], ...main }, spec);
}

/** Labels of the pods that teams deploy. */
export const appSelector = podLabels({});

/** Ports of the Service of these pods. */
export const appPorts = [{ name: "http", port: 80, targetPort: "http" }];

/** The Service of these pods. */
export function appService(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return service(metadata, { selector: appSelector, ports: appPorts, ...spec });
}
