import { NAME, V } from "../objects.js";
import { type Legitimate, object } from "./legitimate.js";
import { claim, deployment, type Fields, job, labels, main, pod, selected } from "./pods.js";

const selector = { app: NAME };
const ports = [{ name: "http", port: 80, targetPort: "http" }];
const service = (title: string, spec: Fields): Legitimate =>
  object(title, "v1", "Service", { spec: { selector, ports, ...spec } });
const nearby = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
const arm = { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["arm64"] }] };
const variable = (name: string, valueFrom: Fields) => pod({}, { env: [{ name, valueFrom }] });

/** What teams set of workloads and Services beside what everybody sets. */
export const settings: readonly Legitimate[] = [
  deployment("on some nodes", pod({ nodeSelector: { "kubernetes.io/arch": "arm64" } })),
  deployment(
    "on nodes of its choice",
    pod({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [arm] } } },
    }),
  ),
  deployment(
    "whose pods keep apart",
    pod({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [nearby] } } }),
  ),
  deployment(
    "whose pods keep together",
    pod({
      affinity: {
        podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: nearby }] },
      },
    }),
  ),
  deployment(
    "on nodes that are kept for it",
    pod({ tolerations: [{ key: "shop", operator: "Equal", value: "true", effect: "NoSchedule" }] }),
  ),
  deployment(
    "that leaves a lost node soon",
    pod({
      tolerations: ["not-ready", "unreachable"].map((state) => ({
        key: `node.kubernetes.io/${state}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 30,
      })),
    }),
  ),
  deployment(
    "on nodes that may be taken away, which are cheaper",
    pod({ tolerations: [{ key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot" }] }),
  ),
  deployment("that takes ten minutes to end", pod({ terminationGracePeriodSeconds: 600 })),
  deployment("that ends at once", pod({ terminationGracePeriodSeconds: 0 })),
  deployment("that keeps no history", pod(), { revisionHistoryLimit: 0 }),
  deployment("that keeps as much history as Kubernetes by itself", pod(), { revisionHistoryLimit: 10 }),
  deployment(
    "that says how much disk it takes",
    pod(
      {},
      {
        resources: {
          requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "1Gi" },
          limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "4Gi" },
        },
      },
    ),
  ),
  object(
    "a DaemonSet on nodes that are kept for it",
    V.apps,
    "DaemonSet",
    selected(pod({ tolerations: [{ key: "shop", operator: "Exists" }] }), { revisionHistoryLimit: 3 }),
  ),
  object(
    "a StatefulSet with labels on its claims",
    V.apps,
    "StatefulSet",
    selected(pod(), {
      serviceName: NAME,
      revisionHistoryLimit: 5,
      volumeClaimTemplates: [
        { metadata: { name: "data", labels, annotations: { note: "of the shop" } }, spec: claim({}) },
      ],
    }),
  ),
  object("a Job whose pods have annotations", "batch/v1", "Job", {
    spec: { template: { ...job().template, metadata: { labels, annotations: { note: "of the shop" } } } },
  }),
  deployment(
    "that knows a host by name",
    pod({ hostAliases: [{ ip: "203.0.113.7", hostnames: ["legacy.example.com"] }] }),
  ),
  deployment("with a resolver of its own making", pod({ dnsConfig: { options: [{ name: "ndots", value: "2" }] } })),
  deployment("whose containers see each other", pod({ shareProcessNamespace: true })),
  deployment("with a probe by gRPC", pod({}, { readinessProbe: { grpc: { port: 8080 } } })),
  deployment("with a probe by a program", pod({}, { livenessProbe: { exec: { command: ["true"] } } })),
  deployment("with a probe of a port", pod({}, { startupProbe: { tcpSocket: { port: "http" } } })),
  deployment(
    "with a user and a group",
    pod({ securityContext: { ...pod().securityContext, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 } }),
  ),
  deployment(
    "with a harmless setting of the kernel",
    pod({
      securityContext: {
        ...pod().securityContext,
        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }],
      },
    }),
  ),
  deployment("with arguments and a folder of its own", pod({}, { args: ["--verbose"], workingDir: "/srv" })),
  deployment("that knows its own name", variable("POD", { fieldRef: { fieldPath: "metadata.name" } })),
  deployment("that knows its own limits", variable("CORES", { resourceFieldRef: { resource: "limits.cpu" } })),
  deployment("of two containers", pod({ containers: [main, { ...main, name: "second" }] })),
  deployment("that says why it ended", pod({}, { terminationMessagePolicy: "FallbackToLogsOnError" })),
  deployment("that is paused", pod(), { paused: true }),
  deployment("that keeps little history", pod(), { revisionHistoryLimit: 2, progressDeadlineSeconds: 120 }),
  object(
    "a StatefulSet that is rolled out in part",
    V.apps,
    "StatefulSet",
    selected(pod(), { serviceName: NAME, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } }),
  ),
  object(
    "a StatefulSet that leaves no volumes behind",
    V.apps,
    "StatefulSet",
    selected(pod(), {
      serviceName: NAME,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
    }),
  ),
  object(
    "a DaemonSet that is rolled out some nodes at a time",
    V.apps,
    "DaemonSet",
    selected(pod(), { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } } }),
  ),
  object("a Job that knows which failures are final", "batch/v1", "Job", {
    spec: job({
      podFailurePolicy: {
        rules: [{ action: "FailJob", onExitCodes: { containerName: main.name, operator: "In", values: [42] } }],
      },
    }),
  }),
  object("a Job with a deadline", "batch/v1", "Job", { spec: job({ activeDeadlineSeconds: 600 }) }),
  object("a Job that waits to be started", "batch/v1", "Job", { spec: job({ suspend: true }) }),
  object("a CronJob that keeps little history", "batch/v1", "CronJob", {
    spec: {
      schedule: "*/5 * * * *",
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      startingDeadlineSeconds: 60,
      jobTemplate: { spec: job() },
    },
  }),
  object("an autoscaler that is slow to scale down", "autoscaling/v2", "HorizontalPodAutoscaler", {
    spec: {
      scaleTargetRef: { apiVersion: V.apps, kind: "Deployment", name: NAME },
      maxReplicas: 5,
      metrics: [
        { type: "Pods", pods: { metric: { name: "requests" }, target: { type: "AverageValue", averageValue: "100" } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
    },
  }),
  object("a disruption budget by percentage", "policy/v1", "PodDisruptionBudget", {
    spec: {
      maxUnavailable: "25%",
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: labels },
    },
  }),
  object("a claim of a volume from a snapshot", "v1", "PersistentVolumeClaim", {
    spec: claim({ dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "yesterday" } }),
  }),
  deployment(
    "that is slow to start",
    pod({}, { startupProbe: { httpGet: { path: "/", port: 80 }, failureThreshold: 30 } }),
  ),
  deployment("with a host name of its own", pod({ hostname: "shop", subdomain: "shops" })),
  deployment("that knows nothing of the cluster's Services", pod({ enableServiceLinks: false })),
  object("a Job that tries no second time", "batch/v1", "Job", { spec: job({ backoffLimit: 0 }) }),
  service("a Service that stays within the node", { internalTrafficPolicy: "Local" }),
  service("a Service of a port that is a number", { ports: [{ port: 5432, targetPort: 5432, protocol: "TCP" }] }),
  service("a headless Service of pods that are not ready yet", { clusterIP: "None", publishNotReadyAddresses: true }),
  service("a Service of both families of addresses", { ipFamilyPolicy: "PreferDualStack" }),
  service("a Service that prefers what is near", { trafficDistribution: "PreferClose" }),
  service("a Service that says its protocol", {
    ports: [{ name: "grpc", port: 80, appProtocol: "kubernetes.io/h2c" }],
  }),
  object("a Secret with a certificate", "v1", "Secret", {
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": "made up", "tls.key": "made up" },
  }),
  object("a Secret with an SSH key", "v1", "Secret", {
    type: "kubernetes.io/ssh-auth",
    stringData: { "ssh-privatekey": "made up" },
  }),
];
