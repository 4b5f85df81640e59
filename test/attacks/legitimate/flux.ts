import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { allowedAddonObjects } from "../../e2e/admission/addon-objects.js";
import { canary } from "../../support/objects/network.js";
import { type Fields, NAME, object, reference } from "../../support/objects/object.js";
import { gitRepository, helmChart, helmRepository, ociRepository } from "../../support/objects/sources.js";
import type { Place } from "../attack.js";
import { change } from "../request.js";
import { ownRepository, releaseOf, syncOf } from "../tenant-objects.js";
import { daily, type Legitimate } from "./legitimate.js";
import { alerts, providers, receivers } from "./notifications.js";

/** Flux objects of the team's own. */
export const fluxObjects: readonly Legitimate[] = [
  ...daily(syncs),
  ...daily(releases),
  ...daily(sources),
  ...daily(providers),
  ...daily(alerts),
  ...daily(canaries),
  ...daily(addonObjects),
  ...daily(receivers),
  {
    title: "a request that its root sync look now",
    request: ({ namespace, tenant }) =>
      change(reference("Kustomization", { name: tenant, namespace }), {
        metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "2026-01-01T00:00:00Z" } },
      }),
  },
];

function syncs(place: Place) {
  const { namespace } = place;
  const sync = (spec: Fields) => syncOf(place, NAME, spec);
  return {
    "a Kustomization of an overlay": sync({ path: "./overlays/staging" }),
    "a Kustomization into its own namespace by name": sync({ targetNamespace: namespace }),
    "a Kustomization with components": sync({ components: ["../components/monitoring"] }),
    "a Kustomization with variables": sync({ postBuild: { substitute: { region: "eu" } } }),
    "a Kustomization with variables of its ConfigMaps and Secrets": sync({
      postBuild: {
        substituteFrom: [
          { kind: "ConfigMap", name: "settings" },
          { kind: "Secret", name: "settings", optional: true },
        ],
      },
    }),
    ...orderedSyncs(sync, namespace),
    "a Kustomization that waits for its workloads": sync({ wait: true, timeout: "5m" }),
    "a Kustomization that waits for its workloads without a timeout": sync({ wait: true, interval: "10m" }),
    "a Kustomization with SOPS and a key of its own": sync({
      decryption: { provider: "sops", secretRef: { name: "sops-age" } },
    }),
    "a Kustomization with other images": sync({ images: [{ name: "registry.example.com/shop", newTag: "2" }] }),
    "a Kustomization with patches": sync({
      patches: [{ patch: '[{"op": "remove", "path": "/spec/replicas"}]', target: { kind: "Deployment" } }],
    }),
    "a Kustomization with prefixes and labels": sync({
      namePrefix: "a-",
      commonMetadata: { labels: { team: "shop" } },
    }),
    "a Kustomization that is suspended": sync({ suspend: true }),
    "a Kustomization that leaves what it made": sync({ deletionPolicy: "Orphan" }),
    "a Kustomization by force": sync({ force: true }),
    "a Kustomization of an OCI artifact": sync({ sourceRef: { kind: "OCIRepository", name: "own" } }),
    "a Kustomization every ten seconds": sync({ interval: "10s", retryInterval: "10s" }),
  };
}

/** Kustomizations that wait for others, and for the health of objects. */
function orderedSyncs(sync: (spec: Fields) => KubernetesObject, namespace: string) {
  return {
    "a Kustomization after another": sync({ dependsOn: [{ name: "database" }] }),
    "a Kustomization after another, by a condition": sync({
      dependsOn: [
        {
          name: "database",
          readyExpr: "dep.status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
        },
      ],
    }),
    "a Kustomization with health checks": sync({
      timeout: "2m",
      healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "shop", namespace }],
    }),
    "a Kustomization with health checks of its own making": sync({
      healthCheckExprs: [{ apiVersion: "example.com/v1", kind: "Database", current: "status.ready" }],
    }),
  };
}

/** The health of an object by one of its conditions, as Flux's documentation writes it. */
function healthOf(type: string) {
  const all = (status: string) => `status.conditions.filter(e, e.type == '${type}').all(e, e.status == '${status}')`;
  return { current: all("True"), failed: all("False"), inProgress: "!has(status.conditions)" };
}

function releases(place: Place) {
  const { namespace } = place;
  const helm = (spec: Fields = {}) => releaseOf(place, NAME, spec);
  return {
    "a HelmRelease of a chart in its repository": helm(),
    "a HelmRelease of a chart repository's chart": helm({
      chart: { spec: { chart: "redis", version: "18.x", sourceRef: { kind: "HelmRepository", name: "own" } } },
    }),
    "a HelmRelease of an OCI chart": helm({ chart: undefined, chartRef: { kind: "OCIRepository", name: "own" } }),
    "a HelmRelease of a HelmChart": helm({ chart: undefined, chartRef: { kind: "HelmChart", name: "own" } }),
    "a HelmRelease with values": helm({ values: { replicas: 2 } }),
    "a HelmRelease with values of its ConfigMaps and Secrets": helm({
      valuesFrom: [
        { kind: "ConfigMap", name: "values" },
        { kind: "Secret", name: "values", valuesKey: "staging.yaml", optional: true },
      ],
    }),
    "a HelmRelease that says its own namespace everywhere": helm({
      targetNamespace: namespace,
      storageNamespace: namespace,
    }),
    "a HelmRelease after another": helm({ dependsOn: [{ name: "database" }] }),
    "a HelmRelease after another, by a condition": helm({
      dependsOn: [{ name: "database", readyExpr: "dep.status.observedGeneration == dep.metadata.generation" }],
    }),
    "a HelmRelease with health checks of its own making": helm({
      healthCheckExprs: [{ apiVersion: "example.com/v1", kind: "Database", ...healthOf("Ready") }],
    }),
    "a HelmRelease with a timeout for each action": helm({
      timeout: "5m",
      ...Object.fromEntries(
        ["install", "upgrade", "rollback", "uninstall", "test"].map((action) => [action, { timeout: "90s" }]),
      ),
    }),
    "a HelmRelease that is tested and rolled back": helm({
      test: { enable: true },
      upgrade: { remediation: { retries: 3, strategy: "rollback" } },
    }),
    "a HelmRelease that undoes changes made by hand": helm({ driftDetection: { mode: "enabled" } }),
    "a HelmRelease that is patched": helm({
      postRenderers: [{ kustomize: { patches: [{ patch: "kind: Deployment\n", target: { kind: "Deployment" } }] } }],
    }),
    "a HelmRelease that keeps little history": helm({ maxHistory: 2, releaseName: "shop" }),
  };
}

function sources(place: Place) {
  const git = (spec: Fields) => ownRepository(place, { secretRef: { name: "tenant-git" }, ...spec });
  /** The URL of the organisation's repositories, with another scheme. */
  const at = (scheme: string): string => place.organisation.replace(/^ssh:\/\/git@/, `${scheme}://`);
  return {
    "a GitRepository of a branch": git({ ref: { branch: "next" } }),
    "a GitRepository of a tag": git({ ref: { tag: "v1.0.0" } }),
    "a GitRepository of versions": git({ ref: { semver: "1.x" } }),
    "a GitRepository of a commit": git({ ref: { branch: "main", commit: "0".repeat(40) } }),
    "a GitRepository of some folders": git({ sparseCheckout: ["deploy"] }),
    "a GitRepository with another inside": git({ include: [{ repository: { name: "shared" }, toPath: "shared" }] }),
    "a GitRepository with signed commits": git({ verify: { mode: "HEAD", secretRef: { name: "keys" } } }),
    "a GitRepository with signed tags": git({
      ref: { semver: "1.x" },
      verify: { mode: "Tag", secretRef: { name: "keys" } },
    }),
    "a GitRepository with signed tags of signed commits": git({
      ref: { tag: "v1.0.0" },
      verify: { mode: "TagAndHEAD", secretRef: { name: "keys" } },
    }),
    "a GitRepository with files left out": git({ ignore: "/docs/\n" }),
    "a GitRepository over https": gitRepository(place, `${at("https")}/app`),
    "an OCIRepository of an allowed host": ociRepository(place, `${at("oci")}/app`, {
      interval: "5m",
      ref: { semver: "1.x" },
    }),
    "a HelmRepository of an allowed host": helmRepository(place, `${at("https")}/charts`, { interval: "1h" }),
    "a HelmRepository of an allowed host's registry": helmRepository(place, `${at("oci")}/charts`, {
      interval: "1h",
      type: "oci",
    }),
    "a HelmRepository of all charts of the owner": helmRepository(place, at("oci"), { interval: "1h", type: "oci" }),
    "an OCIRepository of a digest": ociRepository(place, `${at("oci")}/app`, {
      ref: { digest: `sha256:${"0".repeat(64)}` },
    }),
    "a HelmChart of its own source": helmChart(place, {
      interval: "5m",
      chart: "redis",
      version: "18.x",
      sourceRef: { kind: "HelmRepository", name: "own" },
    }),
  };
}

function canaries(place: Place) {
  return {
    "a Canary with its own metrics and alerts": canary(place, {
      analysis: {
        interval: "1m",
        threshold: 5,
        metrics: [{ name: "errors", templateRef: { name: "errors" } }],
        alerts: [{ name: "us", severity: "info", providerRef: { name: "us" } }],
      },
    }),
    "a MetricTemplate": object("MetricTemplate", place, {
      spec: { provider: { type: "prometheus", address: "http://prometheus.monitoring:9090" }, query: "1" },
    }),
  };
}

/** Objects of the add-ons that the tenant file asks for. */
function addonObjects(place: Place) {
  const groups = [
    "cert-manager.io",
    "external-secrets.io",
    "gateway.networking.k8s.io",
    "keda.sh",
    "monitoring.coreos.com",
  ];
  const all = allowedAddonObjects(place).filter(([, { apiVersion }]) =>
    groups.some((group) => apiVersion.replace(/\/.*/, "").endsWith(group)),
  );
  return Object.fromEntries(all.map(([title, legitimate]) => [title, legitimate] as const));
}
