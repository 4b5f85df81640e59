import type { Place } from "../attack.js";
import { kustomization, NAME, release, V } from "../objects.js";
import { change, create } from "../request.js";
import { type Legitimate, object } from "./legitimate.js";

type Fields = Readonly<Record<string, unknown>>;
const notification = "notification.toolkit.fluxcd.io";

const sync = (title: string, spec: (place: Place) => Fields): Legitimate => ({
  title: `a Kustomization ${title}`,
  request: (place) => create(kustomization(place, NAME, spec(place))),
});
const helm = (title: string, spec: (place: Place) => Fields): Legitimate => ({
  title: `a HelmRelease ${title}`,
  request: (place) => create(release(place, NAME, spec(place))),
});
const git = (title: string, spec: Fields): Legitimate =>
  object(`a GitRepository ${title}`, V.git, "GitRepository", ({ organisation, tenant }) => ({
    spec: { interval: "1m", url: `${organisation}/${tenant}.git`, secretRef: { name: "tenant-git" }, ...spec },
  }));
/** Where the organisation's repositories are, by another scheme. */
const at = ({ organisation }: Place, scheme: string): string => organisation.replace(/^ssh:\/\/git@/, `${scheme}://`);
const provider = (title: string, spec: Fields): Legitimate =>
  object(`a Provider ${title}`, `${notification}/v1beta3`, "Provider", { spec });
const alert = (title: string, spec: Fields): Legitimate =>
  object(`an Alert ${title}`, `${notification}/v1beta3`, "Alert", {
    spec: { providerRef: { name: "chat" }, eventSources: [{ kind: "Kustomization", name: "*" }], ...spec },
  });
const receiver = (title: string, spec: Fields): Legitimate =>
  object(`a Receiver ${title}`, `${notification}/v1`, "Receiver", {
    spec: { secretRef: { name: "webhook" }, resources: [{ kind: "GitRepository", name: "own" }], ...spec },
  });

/** Flux objects of the team's own. */
export const fluxObjects: readonly Legitimate[] = [
  sync("of an overlay", () => ({ path: "./overlays/staging" })),
  sync("into its own namespace by name", ({ namespace }) => ({ targetNamespace: namespace })),
  sync("with components", () => ({ components: ["../components/monitoring"] })),
  sync("with variables", () => ({ postBuild: { substitute: { region: "eu" } } })),
  sync("with variables of its ConfigMaps and Secrets", () => ({
    postBuild: {
      substituteFrom: [
        { kind: "ConfigMap", name: "settings" },
        { kind: "Secret", name: "settings", optional: true },
      ],
    },
  })),
  sync("after another", () => ({ dependsOn: [{ name: "database" }] })),
  sync("with health checks", ({ namespace }) => ({
    timeout: "2m",
    healthChecks: [{ apiVersion: V.apps, kind: "Deployment", name: "shop", namespace }],
  })),
  sync("with health checks of its own making", () => ({
    healthCheckExprs: [{ apiVersion: "example.com/v1", kind: "Database", current: "status.ready" }],
  })),
  sync("that waits for its workloads", () => ({ wait: true, timeout: "5m" })),
  sync("with SOPS and a key of its own", () => ({
    decryption: { provider: "sops", secretRef: { name: "sops-age" } },
  })),
  sync("with other images", () => ({ images: [{ name: "registry.example.com/shop", newTag: "2" }] })),
  sync("with patches", () => ({
    patches: [{ patch: '[{"op": "remove", "path": "/spec/replicas"}]', target: { kind: "Deployment" } }],
  })),
  sync("with prefixes and labels", () => ({ namePrefix: "a-", commonMetadata: { labels: { team: "shop" } } })),
  sync("that is suspended", () => ({ suspend: true })),
  sync("that leaves what it made", () => ({ deletionPolicy: "Orphan" })),
  sync("by force", () => ({ force: true })),
  sync("of an OCI artifact", () => ({ sourceRef: { kind: "OCIRepository", name: "own" } })),
  sync("every ten seconds", () => ({ interval: "10s", retryInterval: "10s" })),
  helm("of a chart in its repository", () => ({})),
  helm("of a chart repository's chart", () => ({
    chart: { spec: { chart: "redis", version: "18.x", sourceRef: { kind: "HelmRepository", name: "own" } } },
  })),
  helm("of an OCI chart", () => ({ chart: undefined, chartRef: { kind: "OCIRepository", name: "own" } })),
  helm("of a HelmChart", () => ({ chart: undefined, chartRef: { kind: "HelmChart", name: "own" } })),
  helm("with values", () => ({ values: { replicas: 2 } })),
  helm("with values of its ConfigMaps and Secrets", () => ({
    valuesFrom: [
      { kind: "ConfigMap", name: "values" },
      { kind: "Secret", name: "values", valuesKey: "staging.yaml", optional: true },
    ],
  })),
  helm("that says its own namespace everywhere", ({ namespace }) => ({
    targetNamespace: namespace,
    storageNamespace: namespace,
  })),
  helm("after another", () => ({ dependsOn: [{ name: "database" }] })),
  helm("that is tested and rolled back", () => ({
    test: { enable: true },
    upgrade: { remediation: { retries: 3, strategy: "rollback" } },
  })),
  helm("that undoes changes made by hand", () => ({ driftDetection: { mode: "enabled" } })),
  helm("that is patched", () => ({
    postRenderers: [{ kustomize: { patches: [{ patch: "kind: Deployment\n", target: { kind: "Deployment" } }] } }],
  })),
  helm("that keeps little history", () => ({ maxHistory: 2, releaseName: "shop" })),
  git("of a branch", { ref: { branch: "next" } }),
  git("of a tag", { ref: { tag: "v1.0.0" } }),
  git("of versions", { ref: { semver: "1.x" } }),
  git("of a commit", { ref: { branch: "main", commit: "0".repeat(40) } }),
  git("of some folders", { sparseCheckout: ["deploy"] }),
  git("with another inside", { include: [{ repository: { name: "shared" }, toPath: "shared" }] }),
  git("with signed commits", { verify: { mode: "HEAD", secretRef: { name: "keys" } } }),
  git("with files left out", { ignore: "/docs/\n" }),
  object("a GitRepository over https", V.git, "GitRepository", (place) => ({
    spec: { interval: "1m", url: `${at(place, "https")}/app` },
  })),
  object("an OCIRepository of an allowed host", V.git, "OCIRepository", (place) => ({
    spec: { interval: "5m", url: `${at(place, "oci")}/app`, ref: { semver: "1.x" } },
  })),
  object("a HelmRepository of an allowed host", V.git, "HelmRepository", (place) => ({
    spec: { interval: "1h", url: `${at(place, "https")}/charts` },
  })),
  object("a HelmRepository of an allowed host's registry", V.git, "HelmRepository", (place) => ({
    spec: { interval: "1h", type: "oci", url: `${at(place, "oci")}/charts` },
  })),
  object("a HelmChart of its own source", V.git, "HelmChart", {
    spec: { interval: "5m", chart: "redis", version: "18.x", sourceRef: { kind: "HelmRepository", name: "own" } },
  }),
  provider("to Slack", { type: "slack", channel: "shop", secretRef: { name: "slack" } }),
  provider("to an event hub with a cloud identity of its own", {
    type: "azureeventhub",
    channel: "shop",
    address: "shop",
    serviceAccountName: "shop",
  }),
  provider("to commits on Azure DevOps", {
    type: "azuredevops",
    address: "https://dev.azure.com/shop/shop/_git/shop",
    secretRef: { name: "devops" },
    serviceAccountName: "shop",
  }),
  provider("to a topic at Google with a cloud identity of its own", {
    type: "googlepubsub",
    channel: "shop",
    address: "shop",
    serviceAccountName: "shop",
  }),
  provider("to Microsoft Teams", { type: "msteams", secretRef: { name: "teams" } }),
  provider("to a webhook", {
    type: "generic-hmac",
    address: "https://hooks.example.com/shop",
    secretRef: { name: "hook" },
  }),
  provider("to commits on GitHub", {
    type: "github",
    address: "https://github.com/acme/shop",
    secretRef: { name: "github" },
  }),
  provider("to commits on GitLab", {
    type: "gitlab",
    address: "https://gitlab.com/shop/shop",
    secretRef: { name: "gitlab" },
  }),
  provider("to PagerDuty", { type: "pagerduty", channel: "shop", address: "https://events.pagerduty.com" }),
  provider("to Discord", { type: "discord", secretRef: { name: "discord" } }),
  alert("about sources of one label", {
    eventSources: [{ kind: "GitRepository", name: "*", matchLabels: { team: "shop" } }],
  }),
  alert("without what is routine", { exclusionList: ["^Fetched revision"] }),
  alert("about failures", { eventSeverity: "error" }),
  alert("about everything of its own", {
    eventSources: ["GitRepository", "Kustomization", "HelmRelease"].map((kind) => ({ kind, name: "*" })),
    eventMetadata: { environment: "staging" },
  }),
  object("a Canary measured and told of by what is its own", "flagger.app/v1beta1", "Canary", {
    spec: {
      targetRef: { apiVersion: V.apps, kind: "Deployment", name: "web" },
      service: { port: 80 },
      analysis: {
        interval: "1m",
        threshold: 5,
        metrics: [{ name: "errors", templateRef: { name: "errors" } }],
        alerts: [{ name: "us", severity: "info", providerRef: { name: "us" } }],
      },
    },
  }),
  object("a MetricTemplate", "flagger.app/v1beta1", "MetricTemplate", {
    spec: { provider: { type: "prometheus", address: "http://prometheus.monitoring:9090" }, query: "1" },
  }),
  receiver("of GitHub's pushes", { type: "github", events: ["ping", "push"] }),
  receiver("of GitLab's pushes", { type: "gitlab", events: ["Push Hook"] }),
  receiver("of a registry's pushes", { type: "dockerhub" }),
  receiver("of signed calls", { type: "generic-hmac" }),
  receiver("of any call", { type: "generic" }),
  {
    title: "a request that its root sync look now",
    request: ({ namespace, tenant }) =>
      change(
        { apiVersion: V.kustomize, kind: "Kustomization", metadata: { name: tenant, namespace } },
        { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": "2026-01-01T00:00:00Z" } } },
      ),
  },
];
