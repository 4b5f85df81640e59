import { stringify } from "yaml";
import type { Attack, Place } from "../attack.js";
import { chart, kustomization, NAME, own, reference, release, V, within } from "../objects.js";
import { apply, create, list } from "../request.js";
import { cannot, forbidden } from "./says.js";

const category = "crossing";
const outside = /spec\.targetNamespace and spec\.storageNamespace must be this namespace/;
const elsewhere = /sources and dependencies must be in this namespace/;

const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "b" } });
const syncedConfigMap = (name: string) => ({ "config.yaml": stringify(configMap(name)) });
const configMapChart = (name: string) => ({
  "Chart.yaml": stringify({ apiVersion: "v2", name, version: "0.1.0" }),
  "templates/config.yaml": stringify(configMap(name)),
});
const noField = /field not declared in schema/;

/** Others' objects, read or written. */
export const crossing: readonly Attack[] = [
  {
    id: "neighbours-secrets",
    title: "reads the neighbour's Secrets",
    category,
    by: "reconciler",
    benchmark: "other-tenants",
    stoppedBy: [{ control: "own-namespace", says: cannot("list", "secrets") }],
    attempt: ({ neighbour }) => ({ kind: "request", request: list("v1", "Secret", neighbour) }),
  },
  {
    id: "fluxs-secrets",
    title: "reads the Secrets of Flux's namespace",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("list", "secrets") }],
    attempt: () => ({ kind: "request", request: list("v1", "Secret", "flux-system") }),
  },
  {
    id: "all-secrets",
    title: "reads the Secrets of the whole cluster",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "own-namespace", says: cannot("list", "secrets") }],
    attempt: () => ({ kind: "request", request: list("v1", "Secret") }),
  },
  {
    id: "nodes",
    title: "reads the cluster's nodes",
    category,
    by: "reconciler",
    benchmark: "cluster-resources",
    stoppedBy: [{ control: "own-namespace", says: cannot("list", "nodes") }],
    attempt: () => ({ kind: "request", request: list("v1", "Node") }),
  },
  {
    id: "write-to-neighbour",
    title: "writes a ConfigMap into the neighbour's namespace",
    category,
    by: "reconciler",
    benchmark: "other-tenants",
    stoppedBy: [{ control: "own-namespace", says: cannot("create", "configmaps") }],
    attempt: ({ neighbour }) => ({ kind: "request", request: create(within(neighbour, "v1", "ConfigMap")) }),
  },
  {
    id: "endpoints",
    title: "leads a Service of its own to the neighbour's pods by endpoints made by hand",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "tenant-role", says: cannot("create", "endpointslices") }],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, "discovery.k8s.io/v1", "EndpointSlice", {
          addressType: "IPv4",
          endpoints: [{ addresses: ["203.0.113.7"] }],
          ports: [{ port: 80 }],
        }),
      ),
    }),
  },
  {
    id: "neighbours-source",
    title: "pushes a Kustomization of the neighbour's source",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: elsewhere },
      { control: "kustomize-cross-namespace", says: /cross-namespace references have been blocked/ },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: kustomization(place, "neighbours-source", {
        sourceRef: { kind: "GitRepository", name: place.neighbour, namespace: place.neighbour },
        path: "./secret",
      }),
      evidence: reference("v1", "ConfigMap", "of-the-neighbour", place.namespace),
    }),
  },
  {
    id: "depends-on-neighbour",
    title: "waits for the neighbour's Kustomization, and so learns how it is",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", says: elsewhere }],
    attempt: (place) => ({
      kind: "sync",
      object: kustomization(place, "depends-on-neighbour", {
        dependsOn: [{ name: place.neighbour, namespace: place.neighbour }],
      }),
      files: syncedConfigMap("depends-on-neighbour"),
      evidence: reference("v1", "ConfigMap", "depends-on-neighbour", place.namespace),
    }),
  },
  {
    id: "sync-into-neighbour",
    title: "pushes a Kustomization into the neighbour's namespace",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: outside },
      { control: "own-namespace", says: forbidden("reconciler", "configmaps") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: kustomization(place, "sync-into-neighbour", { targetNamespace: place.neighbour }),
      files: syncedConfigMap("sync-into-neighbour"),
      evidence: reference("v1", "ConfigMap", "sync-into-neighbour", place.neighbour),
    }),
  },
  {
    id: "file-for-neighbour",
    title: "pushes a Kustomization with a manifest that names the neighbour's namespace",
    category,
    by: "push",
    stoppedBy: [{ control: "own-namespace", says: forbidden("reconciler", "configmaps") }],
    attempt: (place) => ({
      kind: "sync",
      object: kustomization(place, "file-for-neighbour", { targetNamespace: undefined }),
      files: {
        "config.yaml": stringify(within(place.neighbour, "v1", "ConfigMap", {}, "file-for-neighbour")),
      },
      evidence: reference("v1", "ConfigMap", "file-for-neighbour", place.neighbour),
    }),
  },
  {
    id: "release-into-neighbour",
    title: "pushes a HelmRelease into the neighbour's namespace",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: outside },
      { control: "own-namespace", says: forbidden("reconciler", "[a-z]+") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: release(place, "release-into-neighbour", { targetNamespace: place.neighbour }),
      files: configMapChart("release-into-neighbour"),
      evidence: reference("v1", "ConfigMap", "release-into-neighbour", place.neighbour),
    }),
  },
  {
    id: "release-stored-at-neighbour",
    title: "pushes a HelmRelease whose history is kept in the neighbour's namespace",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: outside },
      { control: "own-namespace", says: forbidden("reconciler", "secrets") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: release(place, "release-stored-at-neighbour", { storageNamespace: place.neighbour }),
      files: configMapChart("release-stored-at-neighbour"),
      evidence: reference("v1", "Secret", "sh.helm.release.v1.release-stored-at-neighbour.v1", place.neighbour),
    }),
  },
  {
    id: "neighbours-chart",
    title: "pushes a HelmRelease of a chart in the neighbour's source",
    category,
    by: "push",
    stoppedBy: [
      { control: "fleet-flux-sync", says: elsewhere },
      { control: "helm-cross-namespace", says: /cross-namespace references are not allowed: cannot access/ },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: release(place, "neighbours-chart", {
        chart: chart(place, "./chart", { name: place.neighbour, namespace: place.neighbour }),
      }),
      evidence: reference("v1", "ConfigMap", "of-the-neighbours-chart", place.namespace),
    }),
  },
  {
    id: "health-of-neighbour",
    title: "has Flux look at the neighbour's objects by a health check",
    category,
    by: "push",
    stoppedBy: [{ control: "own-namespace", says: forbidden("reconciler", "configmaps") }],
    attempt: (place) => ({
      kind: "sync",
      object: kustomization(place, "health-of-neighbour", {
        timeout: "10s",
        healthChecks: [{ apiVersion: "v1", kind: "ConfigMap", name: "kube-root-ca.crt", namespace: place.neighbour }],
      }),
      files: syncedConfigMap("health-of-neighbour"),
      evidence: "ready",
    }),
  },
  {
    id: "neighbours-values",
    title: "takes a HelmRelease's values from the neighbour's Secret",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "flux-schema", says: noField }],
    attempt: (place) => values(place, { namespace: place.neighbour }),
    counterpart: (place) => values(place),
  },
  {
    id: "neighbours-variables",
    title: "substitutes variables from the neighbour's Secret",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "flux-schema", says: noField }],
    attempt: (place) => variables(place, { namespace: place.neighbour }),
    counterpart: (place) => variables(place),
  },
  {
    id: "neighbours-decryption",
    title: "decrypts with the neighbour's key",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "flux-schema", says: noField }],
    attempt: (place) => decryption(place, { namespace: place.neighbour }),
    counterpart: (place) => decryption(place),
  },
  {
    id: "neighbours-events",
    title: "has the neighbour's events sent to itself by an Alert",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "notification-cross-namespace", says: /cross-namespace references have been blocked/ }],
    attempt: () => ({ kind: "alert" }),
  },
  {
    id: "neighbours-receiver",
    title: "starts the neighbour's sync by a Receiver",
    category,
    by: "reconciler",
    // The webhook's answer; what is wrong stands in the controller's log alone.
    stoppedBy: [{ control: "notification-cross-namespace", says: /500 Internal Server Error/ }],
    attempt: () => ({ kind: "receiver" }),
  },
  {
    id: "neighbours-images",
    title: "makes an ImagePolicy of the neighbour's ImageRepository",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "tenant-role", says: cannot("create", "imagepolicies") }],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, V.image, "ImagePolicy", {
          spec: {
            imageRepositoryRef: { name: "theirs", namespace: place.neighbour },
            policy: { semver: { range: ">=1.0.0" } },
          },
        }),
      ),
    }),
  },
];

type Namespace = { readonly namespace?: string };

function values(place: Place, where: Namespace = {}) {
  const valuesFrom = [{ kind: "Secret", name: "values", ...where }];
  return { kind: "request", request: apply(release(place, NAME, { valuesFrom })) } as const;
}

function variables(place: Place, where: Namespace = {}) {
  const postBuild = { substituteFrom: [{ kind: "Secret", name: "variables", ...where }] };
  return { kind: "request", request: apply(kustomization(place, NAME, { postBuild })) } as const;
}

function decryption(place: Place, where: Namespace = {}) {
  const secretRef = { name: "sops-age", ...where };
  return {
    kind: "request",
    request: apply(kustomization(place, NAME, { decryption: { provider: "sops", secretRef } })),
  } as const;
}
