import { type Case, objectOf, type Place, type Spec } from "./cases.js";

const sourceRef = { kind: "GitRepository", name: "mine" };
const chart = (spec: Spec) => ({ spec: { chart: "./chart", sourceRef, ...spec } });

/** Policy fleet-flux-sync. */
export function syncCases(place: Place): Case[] {
  const kustomization = (spec: Spec) =>
    objectOf(place, "kustomize.toolkit.fluxcd.io/v1", "Kustomization", {
      interval: "1m",
      prune: true,
      serviceAccountName: "reconciler",
      sourceRef,
      ...spec,
    });
  const release = (spec: Spec) =>
    objectOf(place, "helm.toolkit.fluxcd.io/v2", "HelmRelease", {
      interval: "1m",
      serviceAccountName: "reconciler",
      chart: chart({}),
      ...spec,
    });
  const chartRef = { kind: "OCIRepository", name: "mine" };
  const kubeConfig = { secretRef: { name: "elsewhere" } };
  const account = /spec\.serviceAccountName must name/;
  const target = /spec\.targetNamespace and spec\.storageNamespace must be this namespace/;
  const reference = /sources, dependencies and health checks must be in this namespace/;
  const long = /timeouts must be 5m or shorter/;
  const often = /intervals must be 10s or longer/;
  return [
    {
      title: "a Kustomization without account",
      object: kustomization({ serviceAccountName: undefined }),
      refused: account,
    },
    {
      title: "a Kustomization with an empty account",
      object: kustomization({ serviceAccountName: "" }),
      refused: account,
    },
    { title: "a Kustomization as default", object: kustomization({ serviceAccountName: "default" }), refused: account },
    { title: "a HelmRelease without account", object: release({ serviceAccountName: undefined }), refused: account },
    { title: "a HelmRelease as default", object: release({ serviceAccountName: "default" }), refused: account },
    {
      title: "a Kustomization into another namespace",
      object: kustomization({ targetNamespace: "kube-system" }),
      refused: target,
    },
    {
      title: "a HelmRelease into another namespace",
      object: release({ targetNamespace: "kube-system" }),
      refused: target,
    },
    {
      title: "a HelmRelease stored in another namespace",
      object: release({ storageNamespace: "team-b" }),
      refused: target,
    },
    {
      title: "a Kustomization for another cluster",
      object: kustomization({ kubeConfig }),
      refused: /spec\.kubeConfig leads/,
    },
    { title: "a HelmRelease for another cluster", object: release({ kubeConfig }), refused: /spec\.kubeConfig leads/ },
    {
      title: "a Kustomization from the platform's source",
      object: kustomization({ sourceRef: { kind: "GitRepository", name: "platform", namespace: "flux-system" } }),
      refused: reference,
    },
    {
      title: "a Kustomization that waits for another tenant's",
      object: kustomization({ dependsOn: [{ name: "own" }, { name: "theirs", namespace: "team-b" }] }),
      refused: reference,
    },
    {
      title: "a Kustomization that waits for the health of what is elsewhere",
      object: kustomization({
        healthChecks: [
          { apiVersion: "apps/v1", kind: "Deployment", name: "own" },
          { apiVersion: "apps/v1", kind: "Deployment", name: "theirs", namespace: "team-b" },
        ],
      }),
      refused: reference,
    },
    {
      title: "a HelmRelease that waits for another tenant's",
      object: release({ dependsOn: [{ name: "theirs", namespace: "team-b" }] }),
      refused: reference,
    },
    {
      title: "a HelmRelease with a chart from another namespace",
      object: release({ chart: chart({ sourceRef: { ...sourceRef, namespace: "team-b" } }) }),
      refused: reference,
    },
    {
      title: "a HelmRelease with a chart reference to another namespace",
      object: release({ chart: undefined, chartRef: { ...chartRef, namespace: "team-b" } }),
      refused: reference,
    },
    { title: "a Kustomization every second", object: kustomization({ interval: "1s" }), refused: often },
    { title: "a Kustomization every 9999 ms", object: kustomization({ interval: "9s999ms" }), refused: often },
    {
      title: "a Kustomization tried again every second",
      object: kustomization({ retryInterval: "1s" }),
      refused: often,
    },
    { title: "a HelmRelease every second", object: release({ interval: "1s" }), refused: often },
    { title: "a chart looked for every second", object: release({ chart: chart({ interval: "1s" }) }), refused: often },
    {
      title: "a HelmRelease installed again every second",
      object: release({ install: { strategy: { name: "RetryOnFailure", retryInterval: "1s" } } }),
      refused: often,
    },
    {
      title: "a HelmRelease upgraded again every second",
      object: release({ upgrade: { strategy: { name: "RetryOnFailure", retryInterval: "1s" } } }),
      refused: often,
    },
    {
      title: "a Kustomization that waits for hours",
      object: kustomization({ wait: true, timeout: "8h" }),
      refused: long,
    },
    {
      title: "a Kustomization that waits for six minutes",
      object: kustomization({ wait: true, timeout: "6m" }),
      refused: long,
    },
    {
      title: "a Kustomization that waits for what it removes until it runs again, ten minutes later",
      object: kustomization({ deletionPolicy: "WaitForTermination", interval: "10m" }),
      refused: long,
    },
    {
      title: "a Kustomization that waits until it runs again, days later",
      object: kustomization({ wait: true, interval: "72h" }),
      refused: long,
    },
    {
      title: "a Kustomization that waits for one thing until it runs again, days later",
      object: kustomization({
        healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "own" }],
        interval: "72h",
      }),
      refused: long,
    },
    { title: "a HelmRelease that waits for hours", object: release({ timeout: "8h" }), refused: long },
    {
      title: "a HelmRelease that waits for hours when it is upgraded",
      object: release({ upgrade: { timeout: "5m1s" } }),
      refused: long,
    },
    {
      title: "a Kustomization that runs once in days, and waits for minutes",
      object: kustomization({ wait: true, interval: "72h", timeout: "5m" }),
    },
    { title: "a Kustomization that runs once in days", object: kustomization({ interval: "72h" }) },
    { title: "a Kustomization as its own account", object: kustomization({}) },
    {
      title: "a Kustomization that says its own namespace everywhere",
      object: kustomization({
        interval: "10s",
        retryInterval: "1m30s",
        targetNamespace: place.namespace,
        sourceRef: { ...sourceRef, namespace: place.namespace },
        dependsOn: [{ name: "own", namespace: place.namespace }],
        healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "own", namespace: place.namespace }],
      }),
    },
    { title: "a HelmRelease as its own account", object: release({}) },
    {
      title: "a HelmRelease that says its own namespace everywhere",
      object: release({
        chart: undefined,
        chartRef: { ...chartRef, namespace: place.namespace },
        targetNamespace: place.namespace,
        storageNamespace: place.namespace,
        install: { strategy: { name: "RetryOnFailure", retryInterval: "10s" } },
      }),
    },
  ];
}
