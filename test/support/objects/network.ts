import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Kind, type Metadata, object } from "./object.js";

/** A Service. */
export function service(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("Service", metadata, { spec: { ports: [{ port: 80 }], ...spec } });
}

/** The backend of an Ingress: a Service. */
export const ingressBackend = { service: { name: "web", port: { number: 80 } } };

/**
 * An Ingress.
 * @param hosts one for each rule; undefined for a rule without
 * @param spec beside, or in place of, its rules
 */
export function ingress(
  metadata: Metadata,
  hosts: readonly (string | undefined)[],
  spec: Fields = {},
): KubernetesObject {
  const http = { paths: [{ path: "/", pathType: "Prefix", backend: ingressBackend }] };
  const rules = hosts.map((host) => (host === undefined ? { http } : { host, http }));
  return object("Ingress", metadata, { spec: { rules, ...spec } });
}

/** Gateway API's kinds of routes. */
export const routeKinds = ["HTTPRoute", "GRPCRoute", "TLSRoute"] as const satisfies readonly Kind[];

/** A route of Gateway API. */
export function route(kind: (typeof routeKinds)[number], metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object(kind, metadata, { spec: { parentRefs: [{ name: "public", namespace: "gateways" }], ...spec } });
}

/** A NetworkPolicy of all pods. */
export function networkPolicy(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("NetworkPolicy", metadata, { spec: { podSelector: {}, ...spec } });
}

/** A reference to a Deployment. */
export const webDeployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

/** A Canary of Flagger. */
export function canary(metadata: Metadata, spec: Fields = {}): KubernetesObject {
  return object("Canary", metadata, { spec: { targetRef: webDeployment, service: { port: 80 }, ...spec } });
}
