import { NAME, V } from "../objects.js";
import { type Legitimate, object } from "./legitimate.js";
import { claim, deployment, type Fields, job, labels, main, pod, selected } from "./pods.js";

const volume = (title: string, source: Fields): Legitimate =>
  deployment(
    `with ${title}`,
    pod({ volumes: [{ name: "data", ...source }] }, { volumeMounts: [{ name: "data", mountPath: "/data" }] }),
  );
const http = { httpGet: { path: "/healthy", port: "http" } };

/** Workloads and what scales and protects them. */
export const workloads: readonly Legitimate[] = [
  deployment("of several replicas", pod(), { replicas: 3 }),
  deployment("of the tenants' priority", pod({ priorityClassName: "tenant-default" })),
  deployment("that is rolled out one pod at a time", pod(), {
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  }),
  deployment("that is replaced at once", pod(), { strategy: { type: "Recreate" } }),
  deployment("with probes", pod({}, { livenessProbe: http, readinessProbe: http, startupProbe: http })),
  deployment(
    "with requests and limits",
    pod({}, { resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } } }),
  ),
  deployment(
    "with variables from ConfigMaps and Secrets",
    pod(
      {},
      {
        env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } }],
        envFrom: [{ configMapRef: { name: "settings" } }],
      },
    ),
  ),
  deployment("with an init container", pod({ initContainers: [{ ...main, name: "migrate" }] })),
  deployment("with a sidecar", pod({ initContainers: [{ ...main, name: "proxy", restartPolicy: "Always" }] })),
  deployment(
    "with a hook before it ends",
    pod({ terminationGracePeriodSeconds: 60 }, { lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
  ),
  deployment(
    "that is spread over nodes",
    pod({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: labels },
        },
      ],
    }),
  ),
  deployment(
    "with an account of its own and its token",
    pod({ serviceAccountName: "application", automountServiceAccountToken: true }),
  ),
  deployment(
    "with an image by digest that is always pulled",
    pod(
      {},
      {
        image: `registry.example.com/main@sha256:${"0".repeat(64)}`,
        imagePullPolicy: "Always",
      },
    ),
  ),
  deployment("with credentials for its images", pod({ imagePullSecrets: [{ name: "registry" }] })),
  deployment(
    "with a read-only root file system",
    pod(
      {},
      {
        securityContext: { ...main.securityContext, readOnlyRootFilesystem: true },
      },
    ),
  ),
  deployment(
    "that binds a low port",
    pod(
      {},
      {
        securityContext: { ...main.securityContext, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } },
      },
    ),
  ),
  deployment("of the priority of batch work", pod({ priorityClassName: "tenant-batch" })),
  volume("a ConfigMap's files", { configMap: { name: "settings" } }),
  volume("a Secret's files", { secret: { secretName: "database" } }),
  volume("an empty directory", { emptyDir: { sizeLimit: "1Gi" } }),
  volume("an empty directory in memory", { emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }),
  volume("its own labels as files", {
    downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
  }),
  volume("a token for a cloud", {
    projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.example.com" } }] },
  }),
  volume("a claimed volume", { persistentVolumeClaim: { claimName: "data" } }),
  volume("a volume that goes with the pod", { ephemeral: { volumeClaimTemplate: { spec: claim({}) } } }),
  object("a StatefulSet", V.apps, "StatefulSet", selected(pod(), { serviceName: NAME })),
  object(
    "a StatefulSet with volumes",
    V.apps,
    "StatefulSet",
    selected(pod({}, { volumeMounts: [{ name: "data", mountPath: "/data" }] }), {
      serviceName: NAME,
      podManagementPolicy: "Parallel",
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim({}) }],
    }),
  ),
  object("a DaemonSet", V.apps, "DaemonSet", selected(pod())),
  object("a pod", "v1", "Pod", { spec: pod() }),
  object("a Job", "batch/v1", "Job", { spec: job() }),
  object("a Job that is removed once it has finished", "batch/v1", "Job", {
    spec: job({ ttlSecondsAfterFinished: 60, backoffLimit: 2 }),
  }),
  object("a Job of many parts", "batch/v1", "Job", {
    spec: job({ completions: 5, parallelism: 2, completionMode: "Indexed" }),
  }),
  object("a CronJob", "batch/v1", "CronJob", { spec: { schedule: "0 3 * * *", jobTemplate: { spec: job() } } }),
  object("a CronJob in a time zone, one at a time", "batch/v1", "CronJob", {
    spec: {
      schedule: "0 3 * * *",
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Forbid",
      jobTemplate: { spec: job() },
    },
  }),
  object("an autoscaler by CPU", "autoscaling/v2", "HorizontalPodAutoscaler", autoscaler("cpu")),
  object("an autoscaler by memory", "autoscaling/v2", "HorizontalPodAutoscaler", autoscaler("memory")),
  object("a disruption budget", "policy/v1", "PodDisruptionBudget", {
    spec: { minAvailable: 1, selector: { matchLabels: labels } },
  }),
  object("a claim of a volume", "v1", "PersistentVolumeClaim", { spec: claim({}) }),
  object("a claim of a volume for many pods, of a class", "v1", "PersistentVolumeClaim", {
    spec: claim({ accessModes: ["ReadWriteMany"], storageClassName: "fast" }),
  }),
];

function autoscaler(name: string): Fields {
  return {
    spec: {
      scaleTargetRef: { apiVersion: V.apps, kind: "Deployment", name: NAME },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization: 70 } } }],
    },
  };
}
