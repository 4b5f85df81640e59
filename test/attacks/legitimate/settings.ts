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
import { app, appSelector, appService, daily, type Legitimate } from "./legitimate.js";

const labels = appSelector;
const annotations = { note: "of the shop" };
const { ofPod } = securityContext;
const nearby = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
const arm = { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["arm64"] }] };
const variable = (name: string, valueFrom: Fields) => app({ env: [{ name, valueFrom }] });

/** What teams set of workloads and Services beside what everybody sets. */
export const settings: readonly Legitimate[] = daily((place) => ({
  "a Deployment on some nodes": deployment(place, app({}, { nodeSelector: { "kubernetes.io/arch": "arm64" } })),
  "a Deployment on nodes of its choice": deployment(
    place,
    app(
      {},
      {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [arm] } } },
      },
    ),
  ),
  "a Deployment whose pods keep apart": deployment(
    place,
    app({}, { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [nearby] } } }),
  ),
  "a Deployment whose pods keep together": deployment(
    place,
    app(
      {},
      {
        affinity: {
          podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: nearby }] },
        },
      },
    ),
  ),
  "a Deployment on nodes that are kept for it": deployment(
    place,
    app({}, { tolerations: [{ key: "shop", operator: "Equal", value: "true", effect: "NoSchedule" }] }),
  ),
  "a Deployment that leaves a lost node soon": deployment(
    place,
    app(
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
  ),
  "a Deployment on nodes that may be taken away, which are cheaper": deployment(
    place,
    app({}, { tolerations: [{ key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot" }] }),
  ),
  "a Deployment that takes ten minutes to end": deployment(place, app({}, { terminationGracePeriodSeconds: 600 })),
  "a Deployment that ends at once": deployment(place, app({}, { terminationGracePeriodSeconds: 0 })),
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
  "a Job whose pods have annotations": job(place, app(), {}, { annotations }),
  "a Deployment that knows a host by name": deployment(
    place,
    app({}, { hostAliases: [{ ip: "203.0.113.7", hostnames: ["legacy.example.com"] }] }),
  ),
  "a Deployment with a resolver of its own making": deployment(
    place,
    app({}, { dnsConfig: { options: [{ name: "ndots", value: "2" }] } }),
  ),
  "a Deployment whose containers see each other": deployment(place, app({}, { shareProcessNamespace: true })),
  "a Deployment with a probe by gRPC": deployment(place, app({ readinessProbe: { grpc: { port: 8080 } } })),
  "a Deployment with a probe by a program": deployment(place, app({ livenessProbe: { exec: { command: ["true"] } } })),
  "a Deployment with a probe of a port": deployment(place, app({ startupProbe: { tcpSocket: { port: "http" } } })),
  "a Deployment with a user and a group": deployment(
    place,
    app({}, ofPod({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 })),
  ),
  "a Deployment with a harmless setting of the kernel": deployment(
    place,
    app({}, ofPod({ sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }] })),
  ),
  "a Deployment with arguments and a folder of its own": deployment(
    place,
    app({ args: ["--verbose"], workingDir: "/srv" }),
  ),
  "a Deployment that knows its own name": deployment(
    place,
    variable("POD", { fieldRef: { fieldPath: "metadata.name" } }),
  ),
  "a Deployment that knows its own limits": deployment(
    place,
    variable("CORES", { resourceFieldRef: { resource: "limits.cpu" } }),
  ),
  "a Deployment of two containers": deployment(
    place,
    app({}, { containers: [container(), container({ name: "second" })] }),
  ),
  "a Deployment that says why it ended": deployment(place, app({ terminationMessagePolicy: "FallbackToLogsOnError" })),
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
  "a Deployment that is slow to start": deployment(
    place,
    app({ startupProbe: { httpGet: { path: "/", port: 80 }, failureThreshold: 30 } }),
  ),
  "a Deployment with a host name of its own": deployment(place, app({}, { hostname: "shop", subdomain: "shops" })),
  "a Deployment that knows nothing of the cluster's Services": deployment(
    place,
    app({}, { enableServiceLinks: false }),
  ),
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
  "a Service that prefers what is near": appService(place, { trafficDistribution: "PreferClose" }),
  "a Service that says its protocol": appService(place, {
    ports: [{ name: "grpc", port: 80, appProtocol: "kubernetes.io/h2c" }],
  }),
  "a Secret with a certificate": secret(
    place,
    { "tls.crt": "made up", "tls.key": "made up" },
    { type: "kubernetes.io/tls" },
  ),
  "a Secret with an SSH key": secret(place, { "ssh-privatekey": "made up" }, { type: "kubernetes.io/ssh-auth" }),
}));
