import type { KubernetesObject } from "../../../components/kubernetes-object.js";

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
  const reference = /sources and dependencies must be in this namespace/;
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
    { title: "a Kustomization as its own account", object: kustomization({}) },
    {
      title: "a Kustomization that says its own namespace everywhere",
      object: kustomization({
        interval: "10s",
        retryInterval: "1m30s",
        targetNamespace: place.namespace,
        sourceRef: { ...sourceRef, namespace: place.namespace },
        dependsOn: [{ name: "own", namespace: place.namespace }],
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

/** Policy fleet-flux-source, where nothing is allowed beside the organisation. */
export function sourceCases(place: Place): Case[] {
  const source = "source.toolkit.fluxcd.io/v1";
  const git = (url: string, spec: Spec = {}) =>
    objectOf(place, source, "GitRepository", { interval: "1m", url, ...spec });
  const oci = (url: string, spec: Spec = {}) =>
    objectOf(place, source, "OCIRepository", { interval: "1m", url, ...spec });
  const helm = (url: string, spec: Spec = {}) =>
    objectOf(place, source, "HelmRepository", { interval: "1m", url, ...spec });
  const bucket = (endpoint: string, spec: Spec = {}) =>
    objectOf(place, source, "Bucket", { interval: "1m", bucketName: "mine", endpoint, ...spec });
  const { organisation } = place;
  const { host, hostname, username, pathname } = new URL(organisation);
  const server = `ssh://${username}@${host}`;
  const encrypted = /sources must be encrypted/;
  const atHost = /sources must be at an allowed host/;
  const owned = /sources at GitHub must belong to an allowed owner/;
  const around = /submodules and proxies lead to hosts that nobody allowed/;
  return [
    { title: "a GitRepository over http", object: git(`http://${host}${pathname}/app`), refused: encrypted },
    { title: "a HelmRepository over http", object: helm(`http://${host}${pathname}/charts`), refused: encrypted },
    {
      title: "an OCIRepository without TLS",
      object: oci(`oci://${host}${pathname}/app`, { insecure: true }),
      refused: encrypted,
    },
    { title: "a Bucket without TLS", object: bucket(host, { insecure: true }), refused: encrypted },
    { title: "a GitRepository elsewhere", object: git("https://git.example.com/acme/app"), refused: atHost },
    {
      title: "a host that only begins like GitHub's",
      object: git(`ssh://git@${hostname}.example.com${pathname}/app`),
      refused: atHost,
    },
    {
      title: "GitHub's host as a user name",
      object: git(`https://${hostname}@evil.example.com${pathname}/app`),
      refused: atHost,
    },
    { title: "another port of GitHub's host", object: git(`ssh://git@${hostname}:1${pathname}/app`), refused: atHost },
    {
      title: "a HelmRepository elsewhere",
      object: helm("oci://registry.example.com/acme", { type: "oci" }),
      refused: atHost,
    },
    { title: "an OCIRepository elsewhere", object: oci("oci://ghcr.io/acme/app"), refused: atHost },
    { title: "a Bucket elsewhere", object: bucket("s3.example.com"), refused: atHost },
    {
      title: "a Bucket elsewhere, by URL",
      object: bucket("https://acme.blob.example.com", { provider: "azure" }),
      refused: atHost,
    },
    {
      title: "a Bucket's token service elsewhere",
      object: bucket(host, { sts: { provider: "ldap", endpoint: "https://sts.example.com" } }),
      refused: atHost,
    },
    { title: "another owner's repository", object: git(`${server}/evil/app.git`), refused: owned },
    {
      title: "a path that leads back to another owner",
      object: git(`${organisation}/../evil/app.git`),
      refused: owned,
    },
    {
      title: "a path that is written in another way",
      object: git(`${organisation}/%2e%2e/evil/app.git`),
      refused: owned,
    },
    { title: "an owner and no repository", object: git(organisation), refused: owned },
    {
      title: "submodules from wherever",
      object: git(`${organisation}/app.git`, { recurseSubmodules: true }),
      refused: around,
    },
    {
      title: "a proxy",
      object: git(`${organisation}/app.git`, { proxySecretRef: { name: "proxy" } }),
      refused: around,
    },
    {
      title: "a GitRepository looked at every second",
      object: git(`${organisation}/app.git`, { interval: "1s" }),
      refused: /intervals must be 10s or longer/,
    },
    { title: "another repository of the organisation", object: git(`${organisation}/app.git`) },
    {
      title: "a repository of the organisation in capitals",
      object: git(`${organisation.toUpperCase().replace(/^SSH/, "ssh")}/App`),
    },
    {
      title: "a chart of a source of its own",
      object: objectOf(place, source, "HelmChart", { interval: "1m", chart: "./chart", sourceRef }),
    },
  ];
}
