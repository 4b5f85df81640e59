import { secret } from "../../support/objects/configuration.js";
import type { Fields } from "../../support/objects/object.js";
import {
  autoscaler,
  claimSpec,
  container,
  cronJob,
  daemonSet,
  deployment,
  disruptionBudget,
  job,
  securityContext,
  statefulSet,
  volumeClaim,
} from "../../support/objects/workloads.js";
import type { Place } from "../attack.js";
import { app, appSelector, appService, daily, dailyDeployments, type Legitimate } from "./legitimate.js";

const labels = appSelector;
const annotations = { note: "of the shop" };
const { ofPod } = securityContext;
const nearby = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
const arm = { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["arm64"] }] };
const variable = (name: string, valueFrom: Fields) => app({ env: [{ name, valueFrom }] });

/** Annotations of pods as charts and tools write them. */
const podAnnotations = {
  "that is restarted by a change of its ConfigMap": { "checksum/config": "0".repeat(64) },
  "whose pods Prometheus scrapes": { "prometheus.io/scrape": "true", "prometheus.io/port": "8080" },
  "in a mesh of Istio": { "sidecar.istio.io/inject": "true", "proxy.istio.io/config": "{}" },
  "in a mesh of Linkerd": { "linkerd.io/inject": "enabled", "config.linkerd.io/proxy-cpu-request": "10m" },
  "with Secrets of Vault": { "vault.hashicorp.com/agent-inject": "true", "vault.hashicorp.com/role": "shop" },
  "that was restarted by kubectl": { "kubectl.kubernetes.io/restartedAt": "2026-11-26T12:00:00Z" },
  "that the autoscaler of nodes may move": { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" },
};

/** Labels of pods as charts and tools write them. */
const chartLabels: Readonly<Record<string, Fields>> = {
  "with the labels of a chart": {
    "app.kubernetes.io/name": "shop",
    "app.kubernetes.io/instance": "shop",
    "app.kubernetes.io/managed-by": "Helm",
    "helm.sh/chart": "shop-1.0.0",
  },
  "with the labels of an older chart": { chart: "shop-1.0.0", release: "shop", heritage: "Helm", tier: "web" },
  "in a mesh of Istio by a label": { "sidecar.istio.io/inject": "true", version: "v1" },
  "out of a mesh of Istio by a label": { "istio.io/dataplane-mode": "none" },
  "with an identity at Azure by a label": { "azure.workload.identity/use": "true" },
  "with the labels of Datadog": { "tags.datadoghq.com/env": "production", "tags.datadoghq.com/service": "shop" },
  "with the labels of Kompose": { "io.kompose.service": "shop" },
  "with the labels of JupyterHub": { "hub.jupyter.org/network-access-hub": "true" },
  "with the labels of a runner's jobs": { "project.runner.gitlab.com/id": "7", "job.runner.gitlab.com/id": "8" },
  "with the labels of Kubernetes' own examples": { "k8s-app": "shop", version: "v1", environment: "production" },
  "in a catalogue of services": { "backstage.io/kubernetes-id": "shop" },
};

/** Settings of the node of a pod, and of its end. */
const placement = {
  "on some nodes": app({}, { nodeSelector: { "kubernetes.io/arch": "arm64" } }),
  "on nodes of its choice": app(
    {},
    {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [arm] } } },
    },
  ),
  "whose pods keep apart": app(
    {},
    { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [nearby] } } },
  ),
  "whose pods keep together": app(
    {},
    {
      affinity: {
        podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: nearby }] },
      },
    },
  ),
  "on nodes that are kept for it": app(
    {},
    { tolerations: [{ key: "shop", operator: "Equal", value: "true", effect: "NoSchedule" }] },
  ),
  "that leaves a lost node soon": app(
    {},
    {
      tolerations: ["not-ready", "unreachable"].map((state) => ({
        key: `node.kubernetes.io/${state}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 30,
      })),
    },
  ),
  "on nodes that may be taken away, which are cheaper": app(
    {},
    { tolerations: [{ key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot" }] },
  ),
  "that takes ten minutes to end": app({}, { terminationGracePeriodSeconds: 600 }),
  "that ends at once": app({}, { terminationGracePeriodSeconds: 0 }),
  "of Kubernetes' scheduler by its name": app({}, { schedulerName: "default-scheduler" }),
};

/** Settings of pods and containers. */
const podSettings = {
  "that knows a host by name": app({}, { hostAliases: [{ ip: "203.0.113.7", hostnames: ["legacy.example.com"] }] }),
  "with a resolver of its own making": app({}, { dnsConfig: { options: [{ name: "ndots", value: "2" }] } }),
  "whose containers see each other": app({}, { shareProcessNamespace: true }),
  "with the runtime's own profiles": app(
    {},
    ofPod({ appArmorProfile: { type: "RuntimeDefault" }, seccompProfile: { type: "RuntimeDefault" } }),
  ),
  "with a probe by gRPC": app({ readinessProbe: { grpc: { port: 8080 } } }),
  "with a probe by a program": app({ livenessProbe: { exec: { command: ["true"] } } }),
  "with a probe of a port": app({ startupProbe: { tcpSocket: { port: "http" } } }),
  "with a user and a group": app({}, ofPod({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 })),
  "with a harmless setting of the kernel": app(
    {},
    ofPod({ sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }] }),
  ),
  "with arguments and a folder of its own": app({ args: ["--verbose"], workingDir: "/srv" }),
  "that knows its own name": variable("POD", { fieldRef: { fieldPath: "metadata.name" } }),
  "that knows its own limits": variable("CORES", { resourceFieldRef: { resource: "limits.cpu" } }),
  "of two containers": app({}, { containers: [container(), container({ name: "second" })] }),
  "with a termination message": app({ terminationMessagePolicy: "FallbackToLogsOnError" }),
};

const names = {
  "that is slow to start": app({ startupProbe: { httpGet: { path: "/", port: 80 }, failureThreshold: 30 } }),
  "with a host name of its own": app({}, { hostname: "shop", subdomain: "shops" }),
  "without variables of Services": app({}, { enableServiceLinks: false }),
};

/** Less common settings of workloads and Services. */
export const settings: readonly Legitimate[] = [
  ...dailyDeployments(placement),
  ...daily(templates),
  ...dailyDeployments(podSettings),
  ...daily(rollouts),
  ...daily(schedules),
  ...dailyDeployments(names),
  ...daily(servicesAndSecrets),
];

function templates(place: Place) {
  return {
    "a Deployment that keeps no history": deployment(place, app(), { revisionHistoryLimit: 0 }),
    "a Deployment that keeps as much history as Kubernetes by itself": deployment(place, app(), {
      revisionHistoryLimit: 10,
    }),
    "a Deployment that says how much disk it takes": deployment(
      place,
      app({
        resources: {
          requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "1Gi" },
          limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "4Gi" },
        },
      }),
    ),
    "a DaemonSet on nodes that are kept for it": daemonSet(
      place,
      app({}, { tolerations: [{ key: "shop", operator: "Exists" }] }),
      { revisionHistoryLimit: 3 },
    ),
    "a StatefulSet with labels on its claims": statefulSet(place, app(), {
      revisionHistoryLimit: 5,
      volumeClaimTemplates: [{ metadata: { name: "data", labels, annotations }, spec: claimSpec() }],
    }),
    ...Object.fromEntries(
      Object.entries(podAnnotations).map(([title, annotations]) => [
        `a Deployment ${title}`,
        deployment(place, app(), {}, { labels, annotations }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(chartLabels).map(([title, more]) => [
        `a Deployment ${title}`,
        deployment({ ...place, labels: { ...labels } }, app(), {}, { labels: { ...labels, ...more } }),
      ]),
    ),
    "a Job whose pods have annotations": job(place, app(), {}, { annotations }),
  };
}

function rollouts(place: Place) {
  return {
    "a Deployment that is paused": deployment(place, app(), { paused: true }),
    "a Deployment that keeps little history": deployment(place, app(), {
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: 120,
    }),
    "a StatefulSet that is rolled out in part": statefulSet(place, app(), {
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
    }),
    "a StatefulSet that leaves no volumes behind": statefulSet(place, app(), {
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
    }),
    "a DaemonSet that is rolled out some nodes at a time": daemonSet(place, app(), {
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
    }),
  };
}

function schedules(place: Place) {
  return {
    "a Job that knows which failures are final": job(place, app(), {
      podFailurePolicy: {
        rules: [{ action: "FailJob", onExitCodes: { containerName: "main", operator: "In", values: [42] } }],
      },
    }),
    "a Job with a deadline": job(place, app(), { activeDeadlineSeconds: 600 }),
    "a Job that waits to be started": job(place, app(), { suspend: true }),
    "a CronJob that keeps little history": cronJob(place, app(), {
      schedule: "*/5 * * * *",
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      startingDeadlineSeconds: 60,
    }),
    "an autoscaler that is slow to scale down": autoscaler(place, {
      metrics: [
        { type: "Pods", pods: { metric: { name: "requests" }, target: { type: "AverageValue", averageValue: "100" } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
    }),
    "a disruption budget by percentage": disruptionBudget(place, {
      maxUnavailable: "25%",
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    }),
    "a claim of a volume from a snapshot": volumeClaim(place, {
      dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "yesterday" },
    }),
  };
}

function servicesAndSecrets(place: Place) {
  return {
    "a Job that tries no second time": job(place, app(), { backoffLimit: 0 }),
    "a Service that stays within the node": appService(place, { internalTrafficPolicy: "Local" }),
    "a Service of a port that is a number": appService(place, {
      ports: [{ port: 5432, targetPort: 5432, protocol: "TCP" }],
    }),
    "a headless Service of pods that are not ready yet": appService(place, {
      clusterIP: "None",
      publishNotReadyAddresses: true,
    }),
    "a Service of both families of addresses": appService(place, { ipFamilyPolicy: "PreferDualStack" }),
    "a Service that prefers near endpoints": appService(place, { trafficDistribution: "PreferClose" }),
    "a Service that says its protocol": appService(place, {
      ports: [{ name: "grpc", port: 80, appProtocol: "kubernetes.io/h2c" }],
    }),
    "a Secret with a certificate": secret(
      place,
      { "tls.crt": "made up", "tls.key": "made up" },
      { type: "kubernetes.io/tls" },
    ),
    "a Secret with an SSH key": secret(place, { "ssh-privatekey": "made up" }, { type: "kubernetes.io/ssh-auth" }),
  };
}
