import { stringify } from "yaml";
import { configMap } from "../../support/objects/configuration.js";
import { canary as canaryOf, service } from "../../support/objects/network.js";
import { type Fields, NAME, object, reference } from "../../support/objects/object.js";
import { chartFiles, configMapFile } from "../../support/objects/repository-files.js";
import { gitSource } from "../../support/objects/sources.js";
import { deployment, pod, podSpec, volumeClaim } from "../../support/objects/workloads.js";
import { attacksOf, type Place } from "../attack.js";
import { creates, sends } from "../attempts.js";
import { list } from "../request.js";
import { releaseOf, syncOf } from "../tenant-objects.js";
import { cannot, forbidden } from "./messages.js";

const outside = /spec\.targetNamespace and spec\.storageNamespace must be this namespace/;
const elsewhere = /sources, dependencies and health checks must be in this namespace/;

const labelled = /the labels [^ ]+ are not known to concern their own object alone: remove them/;

const syncedConfigMap = (name: string) => ({ "config.yaml": configMapFile(name) });
const configMapChart = (name: string) => chartFiles(name, configMap({ name }, { a: "b" }));

/** A Canary that measures one thing. @param alerts the AlertProviders that it notifies */
const canary = (place: Place, metric: Fields, alerts: readonly Fields[] = []) =>
  canaryOf(place, {
    analysis: { interval: "1m", threshold: 5, metrics: [{ name: "errors", ...metric }], alerts },
  });

/** Others' objects, read or written. */
export const crossing = attacksOf("crossing", [
  {
    id: "neighbours-secrets",
    title: "reads the neighbour's Secrets",
    benchmark: "other-tenants",
    stoppedBy: [{ control: "own-namespace", message: cannot("list", "secrets") }],
    attempt: sends(({ neighbour }) => list("Secret", neighbour)),
  },
  {
    id: "volume-by-name",
    title: "claims a volume that was made for its neighbour",
    stoppedBy: [
      {
        control: "fleet-volumes",
        message: /claims must not choose their volume, because it may be another tenant's: remove volumeName/,
      },
    ],
    attempt: creates((place) => volumeClaim(place, { volumeName: "data-of-team-search" })),
  },
  {
    id: "attributes-of-choice",
    title: "claims a volume of the fastest and dearest attributes that the cluster has",
    stoppedBy: [{ control: "fleet-volumes", message: /claims must have the attributes of their storage class/ }],
    attempt: creates((place) => volumeClaim(place, { volumeAttributesClassName: "platinum" })),
  },
  {
    id: "raw-device",
    title: "claims a raw device, to read what its earlier user left",
    stoppedBy: [
      { control: "fleet-volumes", message: /claims must be for a file system, because a raw device may hold/ },
    ],
    attempt: creates((place) => volumeClaim(place, { volumeMode: "Block" })),
  },
  {
    id: "service-to-other-clusters",
    title: "offers a Service to other clusters, by a label",
    stoppedBy: [{ control: "fleet-labels", message: labelled }],
    attempt: creates((place) => service({ ...place, labels: { "mirror.linkerd.io/exported": "true" } })),
  },
  {
    id: "gateway-of-network",
    title: "has the mesh of all tenants use its Service as the gateway to another network, by a label",
    stoppedBy: [{ control: "fleet-labels", message: labelled }],
    attempt: creates((place) => service({ ...place, labels: { "topology.istio.io/network": "network2" } })),
  },
  {
    id: "pod-as-gateway",
    title: "has the mesh send the routes of all tenants to its pod, by a label of its Deployment",
    stoppedBy: [{ control: "fleet-labels", message: labelled }],
    attempt: creates((place) => deployment(place, podSpec(), {}, { labels: { app: NAME, istio: "ingressgateway" } })),
  },
  {
    id: "other-network-policies",
    title: "has the network plugin take its pod for one of another namespace, by a label",
    stoppedBy: [{ control: "fleet-labels", message: labelled }],
    attempt: creates((place) => pod({ ...place, labels: { "io.kubernetes.pod.namespace": place.neighbour } })),
  },
  {
    id: "fluxs-secrets",
    title: "reads the Secrets of Flux's namespace",
    stoppedBy: [{ control: "own-namespace", message: cannot("list", "secrets") }],
    attempt: sends(() => list("Secret", "flux-system")),
  },
  {
    id: "all-secrets",
    title: "reads the Secrets of the whole cluster",
    stoppedBy: [{ control: "own-namespace", message: cannot("list", "secrets") }],
    attempt: sends(() => list("Secret")),
  },
  {
    id: "nodes",
    title: "reads the cluster's nodes",
    benchmark: "cluster-resources",
    stoppedBy: [{ control: "own-namespace", message: cannot("list", "nodes") }],
    attempt: sends(() => list("Node")),
  },
  {
    id: "write-to-neighbour",
    title: "writes a ConfigMap into the neighbour's namespace",
    benchmark: "other-tenants",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "configmaps") }],
    attempt: creates(({ neighbour }) => configMap({ namespace: neighbour })),
  },
  {
    id: "endpoints",
    title: "leads a Service of its own to the neighbour's pods by endpoints made by hand",
    stoppedBy: [{ control: "tenant-role", message: cannot("create", "endpointslices") }],
    attempt: creates((place) =>
      object("EndpointSlice", place, {
        addressType: "IPv4",
        endpoints: [{ addresses: ["203.0.113.7"] }],
        ports: [{ port: 80 }],
      }),
    ),
  },
  {
    id: "neighbours-source",
    title: "makes a Kustomization of the neighbour's source",
    stoppedBy: [
      { control: "fleet-flux-sync", message: elsewhere },
      { control: "kustomize-cross-namespace", message: /cross-namespace references have been blocked/ },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: syncOf(place, "neighbours-source", {
        sourceRef: { ...gitSource(place.neighbour), namespace: place.neighbour },
        path: "./secret",
      }),
      evidence: reference("ConfigMap", { name: "of-the-neighbour", namespace: place.namespace }),
    }),
  },
  {
    id: "depends-on-neighbour",
    title: "waits for the neighbour's Kustomization, and so learns its state",
    stoppedBy: [{ control: "fleet-flux-sync", message: elsewhere }],
    attempt: (place) => ({
      kind: "sync",
      object: syncOf(place, "depends-on-neighbour", {
        dependsOn: [{ name: place.neighbour, namespace: place.neighbour }],
      }),
      files: syncedConfigMap("depends-on-neighbour"),
      evidence: reference("ConfigMap", { name: "depends-on-neighbour", namespace: place.namespace }),
    }),
  },
  {
    id: "sync-into-neighbour",
    title: "makes a Kustomization for the neighbour's namespace",
    stoppedBy: [
      { control: "fleet-flux-sync", message: outside },
      { control: "own-namespace", message: forbidden("reconciler", "configmaps") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: syncOf(place, "sync-into-neighbour", { targetNamespace: place.neighbour }),
      files: syncedConfigMap("sync-into-neighbour"),
      evidence: reference("ConfigMap", { name: "sync-into-neighbour", namespace: place.neighbour }),
    }),
  },
  {
    id: "file-for-neighbour",
    title: "pushes a manifest that names the neighbour's namespace, for a Kustomization that names none",
    by: "push",
    stoppedBy: [{ control: "own-namespace", message: forbidden("reconciler", "configmaps") }],
    attempt: (place) => ({
      kind: "sync",
      object: syncOf(place, "file-for-neighbour", { targetNamespace: undefined }),
      files: {
        "config.yaml": stringify(configMap({ name: "file-for-neighbour", namespace: place.neighbour })),
      },
      evidence: reference("ConfigMap", { name: "file-for-neighbour", namespace: place.neighbour }),
    }),
  },
  {
    id: "release-into-neighbour",
    title: "makes a HelmRelease for the neighbour's namespace",
    stoppedBy: [
      { control: "fleet-flux-sync", message: outside },
      { control: "own-namespace", message: forbidden("reconciler", "[a-z]+") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: releaseOf(place, "release-into-neighbour", { targetNamespace: place.neighbour }),
      files: configMapChart("release-into-neighbour"),
      evidence: reference("ConfigMap", { name: "release-into-neighbour", namespace: place.neighbour }),
    }),
  },
  {
    id: "release-stored-at-neighbour",
    title: "makes a HelmRelease whose history is kept in the neighbour's namespace",
    stoppedBy: [
      { control: "fleet-flux-sync", message: outside },
      { control: "own-namespace", message: forbidden("reconciler", "secrets") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: releaseOf(place, "release-stored-at-neighbour", { storageNamespace: place.neighbour }),
      files: configMapChart("release-stored-at-neighbour"),
      evidence: reference("Secret", {
        name: "sh.helm.release.v1.release-stored-at-neighbour.v1",
        namespace: place.neighbour,
      }),
    }),
  },
  {
    id: "neighbours-chart",
    title: "makes a HelmRelease of the neighbour's chart",
    stoppedBy: [
      { control: "fleet-flux-sync", message: elsewhere },
      {
        control: "helm-cross-namespace",
        message: /cross-namespace references are not allowed: cannot access HelmChart/,
      },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: releaseOf(place, "neighbours-chart", {
        chart: undefined,
        chartRef: { kind: "HelmChart", name: "chart", namespace: place.neighbour },
      }),
      evidence: reference("ConfigMap", { name: "of-the-neighbours-chart", namespace: place.namespace }),
    }),
  },
  {
    id: "health-of-neighbour",
    title: "has Flux look at the neighbour's objects by a health check",
    stoppedBy: [
      { control: "fleet-flux-sync", message: elsewhere },
      { control: "own-namespace", message: forbidden("reconciler", "configmaps") },
    ],
    attempt: (place) => ({
      kind: "sync",
      object: syncOf(place, "health-of-neighbour", {
        timeout: "10s",
        healthChecks: [{ apiVersion: "v1", kind: "ConfigMap", name: "kube-root-ca.crt", namespace: place.neighbour }],
      }),
      files: syncedConfigMap("health-of-neighbour"),
      evidence: "ready",
    }),
  },
  {
    id: "canary-template",
    title: "measures its canary by the neighbour's template, with the password of that template",
    stoppedBy: [
      {
        control: "fleet-canaries",
        message: /a Canary must refer to objects of its own namespace: remove the namespace from targetRef/,
      },
    ],
    attempt: creates((place) => canary(place, { templateRef: { name: "errors", namespace: place.neighbour } })),
  },
  {
    id: "flaggers-token",
    title: "has Flagger send its own token to any address, by the credentials of its metrics",
    category: "escalation",
    stoppedBy: [
      { control: "fleet-canaries", message: /metrics must not be read with the identity of Flagger, or with a Secret/ },
    ],
    attempt: creates((place) =>
      object("MetricTemplate", place, {
        spec: { provider: { type: "stackdriver", secretRef: { name: "external-account" } }, query: "1" },
      }),
    ),
  },
  {
    id: "flagger-to-metadata",
    title: "has Flagger ask the cloud's metadata service, and reads the answer in an event",
    stoppedBy: [{ control: "fleet-canaries", message: /Flagger must not call an address of a network, itself/ }],
    attempt: creates((place) => canaryOf(place, { metricsServer: "http://169.254.169.254/latest" })),
  },
  {
    id: "canary-alert",
    title: "sends its canary's messages to the neighbour's channel",
    stoppedBy: [
      {
        control: "fleet-canaries",
        message: /a Canary must refer to objects of its own namespace: remove the namespace from targetRef/,
      },
    ],
    attempt: creates((place) =>
      canary(place, {}, [{ name: "us", providerRef: { name: "us", namespace: place.neighbour } }]),
    ),
  },
]);
