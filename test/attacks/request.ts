import { definedOnly } from "../../lib/data/defined-only.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { type Kind, plural, type Reference, reference } from "../support/objects/object.js";

/** A request to the API server, without its sender. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From the server's root on, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** @default application/json */
  readonly contentType?: string;
  /** The user that the sender impersonates. @default - none */
  readonly as?: { readonly user: string; readonly groups?: readonly string[] };
}

/** Creates an object. */
export function create(object: KubernetesObject): ApiRequest {
  return { method: "POST", path: collectionPath(object), body: object };
}

/** Applies an object as kustomize-controller does: on the server, and by force. */
export function apply(object: KubernetesObject): ApiRequest {
  return {
    method: "PATCH",
    path: objectPath(object),
    query: { fieldManager: "kustomize-controller", force: "true" },
    body: object,
    contentType: "application/apply-patch+yaml",
  };
}

/** Changes an object that exists. @param patch merged into it */
export function change(reference: Reference, patch: object): ApiRequest {
  return {
    method: "PATCH",
    path: objectPath(reference),
    body: patch,
    contentType: "application/merge-patch+json",
  };
}

/** Deletes an object. */
export function remove(reference: Reference): ApiRequest {
  return { method: "DELETE", path: objectPath(reference) };
}

/** Lists the objects of a kind. @param namespace @default - those of the whole cluster */
export function list(kind: Kind, namespace?: string): ApiRequest {
  return { method: "GET", path: collectionPath(reference(kind, definedOnly({ namespace }))) };
}

/** Asks for a token of a service account. */
export function token(namespace: string, name: string): ApiRequest {
  const account = objectPath(reference("ServiceAccount", { name, namespace }));
  return {
    method: "POST",
    path: `${account}/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } },
  };
}

/** The path of an object. */
export function objectPath(reference: Reference): string {
  return `${collectionPath(reference)}/${reference.metadata.name}`;
}

/** The path of the objects of a kind, within their namespace when they have one. */
export function collectionPath({ apiVersion, kind, metadata }: Reference): string {
  const root = apiVersion.includes("/") ? "apis" : "api";
  const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `/${root}/${apiVersion}${within}/${plural(kind)}`;
}
