import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { restrictedPod } from "../support/e2e/workloads.js";
import type { Place, Reference } from "./attack.js";

/** Fields beside apiVersion, kind and metadata. */
type Fields = Readonly<Record<string, unknown>>;

const rbac = "rbac.authorization.k8s.io";

/** Name of an object that is only asked for. */
export const NAME = "of-an-attack";

/** An object of the hostile tenant's. */
export function own(place: Place, apiVersion: string, kind: string, fields: Fields = {}, name = NAME) {
  return { apiVersion, kind, metadata: { name, namespace: place.namespace }, ...fields } satisfies KubernetesObject;
}

/** An object in another namespace. */
export function within(namespace: string, apiVersion: string, kind: string, fields: Fields = {}, name = NAME) {
  return { apiVersion, kind, metadata: { name, namespace }, ...fields } satisfies KubernetesObject;
}

/** An object without a namespace. */
export function ofCluster(apiVersion: string, kind: string, fields: Fields = {}, name = NAME) {
  return { apiVersion, kind, metadata: { name }, ...fields } satisfies KubernetesObject;
}

/** Where an object is. @param namespace @default - it has none */
export function reference(apiVersion: string, kind: string, name: string, namespace?: string): Reference {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

/** What binds a role to the hostile tenant's reconciler. */
export function toReconciler(place: Place, role: string) {
  return {
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
    subjects: [{ kind: "ServiceAccount", name: "reconciler", namespace: place.namespace }],
  };
}

/** API versions that many attacks name. */
export const V = {
  admission: "admissionregistration.k8s.io/v1",
  apps: "apps/v1",
  git: "source.toolkit.fluxcd.io/v1",
  helm: "helm.toolkit.fluxcd.io/v2",
  image: "image.toolkit.fluxcd.io/v1",
  kustomize: "kustomize.toolkit.fluxcd.io/v1",
  network: "networking.k8s.io/v1",
  rbac: `${rbac}/v1`,
} as const;

/** A chart that only a foreign server has. */
export const STOLEN = { name: "stolen", version: "1.0.0" } as const;

/** A host that the hostile tenant's file lists. */
export const OWN_HOST = "shop.example.com";
/** All hosts below it, which the hostile tenant's file lists too. */
export const OWN_WILDCARD = `*.${OWN_HOST}`;
/** The host that its neighbour's file lists. */
export const NEIGHBOURS_HOST = "search.example.com";

/**
 * An Ingress of the hostile tenant's.
 * @param hosts one for each rule; undefined for a rule without
 * @param more what it says beside that, and its name
 */
export function ingressOf(
  place: Place,
  hosts: readonly (string | undefined)[],
  more: {
    readonly spec?: Fields;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly name?: string;
  } = {},
) {
  const backend = { service: { name: NAME, port: { name: "http" } } };
  const http = { paths: [{ path: "/", pathType: "Prefix", backend }] };
  const rules = hosts.map((host) => (host === undefined ? { http } : { host, http }));
  const { spec, annotations = {}, name } = more;
  const ingress = own(place, V.network, "Ingress", { spec: { rules, ...spec } }, name);
  return { ...ingress, metadata: { ...ingress.metadata, annotations } };
}

/** A Deployment that nothing is wrong with. @param container in place of what it says; undefined takes a field away. @param pod likewise. @param workload likewise */
export function deploymentOf(place: Place, container: Fields, pod: Fields = {}, workload: Fields = {}) {
  const labels = { app: NAME };
  const containers = restrictedPod.containers.map((one) => ({ ...one, ...container }));
  const template = { metadata: { labels }, spec: { ...restrictedPod, ...pod, containers } };
  return own(place, V.apps, "Deployment", { spec: { selector: { matchLabels: labels }, template, ...workload } });
}

/** A Kustomization of the tenant's own repository, all of it as it should be. @param spec in place of that; undefined takes a field away */
export function kustomization(place: Place, name: string, spec: Fields = {}) {
  return own(
    place,
    V.kustomize,
    "Kustomization",
    {
      spec: {
        interval: "1m",
        retryInterval: "10s",
        prune: true,
        serviceAccountName: "reconciler",
        targetNamespace: place.namespace,
        sourceRef: { kind: "GitRepository", name: place.tenant },
        path: `./attacks/${name}`,
        ...spec,
      },
    },
    name,
  );
}

/** Where the files of an attack are a chart, in the tenant's own repository. */
function chartIn(place: Place, name: string) {
  return {
    chart: `./attacks/${name}`,
    interval: "1m",
    sourceRef: { kind: "GitRepository", name: place.tenant },
  };
}

/** A HelmChart of the tenant's own repository. */
export function ownChart(place: Place, name: string) {
  return own(place, V.git, "HelmChart", { spec: chartIn(place, name) }, name);
}

/** A HelmRelease of a chart in the tenant's own repository, as {@link kustomization}. */
export function release(place: Place, name: string, spec: Fields = {}) {
  return own(
    place,
    V.helm,
    "HelmRelease",
    {
      spec: {
        interval: "1m",
        serviceAccountName: "reconciler",
        chart: { spec: chartIn(place, name) },
        install: { strategy: { name: "RetryOnFailure", retryInterval: "10s" } },
        ...spec,
      },
    },
    name,
  );
}
